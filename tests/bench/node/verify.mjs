// verify.mjs FOLDER: whole verifications a second, text in and claims out, by
// the steps of PixelPass (Base45, zlib, claim mapping) and @auth0/cose.
import { readFileSync } from "node:fs";
import { createPublicKey } from "node:crypto";
import { createRequire } from "node:module";
import { Sign1 } from "@auth0/cose";

const require = createRequire(import.meta.url);
const pixelpass = require("@mosip/pixelpass");
// what PixelPass itself decodes with; its decode() makes JSON text of the
// message, in which no signature can be checked any more
const base45 = require("base45-web");
const pako = require("pako");
const cbor = require("cbor-web");

const folder = process.argv[2];
const text = readFileSync(`${folder}/card.txt`, "latin1");
const key = createPublicKey(readFileSync(`${folder}/card.pem`));
const CLAIM = 169, EXPIRES = 4, NAME = 4;
const names = { 1: "number", 4: "name", 75: "kind", 76: "classes",
	77: "status", 78: "chip" };

async function verify() {
	// as bytes: pako takes no stored block from a plain array
	let message = pako.inflate(Uint8Array.from(base45.decode(text)));
	if (message[0] === 0xd8 && message[1] === 61) // tag of a CWT
		message = message.subarray(2);
	const signed = Sign1.decode(message);
	await signed.verify(key);
	const claims = cbor.decode(signed.payload);
	const card = pixelpass.decodeMappedData(claims.get(CLAIM), names);
	return claims.get(EXPIRES) > 1785542460 && card.name;
}

async function turn(seconds) {
	const from = process.cpuUsage();
	let count = 0, spent = 0;
	while (spent < seconds) {
		for (let i = 0; i < 32; i++, count++)
			if (!(await verify())) throw new Error("not valid");
		const used = process.cpuUsage(from);
		spent = (used.user + used.system) / 1e6;
	}
	return count / spent;
}

let best = 0;
await turn(1); // until it is compiled
for (let i = 0; i < 5; i++) best = Math.max(best, await turn(0.4));
console.log(JSON.stringify({ bench: "credential_node",
	node_per_s: Math.round(best) }));
