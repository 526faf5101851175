// Verifies a log made by Hufu with Go's checksum database packages:
// check_log FOLDER, as write_sample.c wrote it.
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	oldSize = 40000
	index   = 12345
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func read(folder, name string) []byte {
	b, err := os.ReadFile(filepath.Join(folder, name))
	must(err)
	return b
}

// open verifies the note and takes the checkpoint apart.
func open(msg []byte, verifier note.Verifier) tlog.Tree {
	n, err := note.Open(msg, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		log.Fatalf("not a checkpoint: %q", n.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	var tree tlog.Tree
	tree.N = size
	copy(tree.Hash[:], root)
	return tree
}

// tiles reads C2SP tile files for tlog, whose own names carry a height.
type tiles string

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, w := range wanted {
		name := strings.Replace(w.Path(), "tile/8/", "tile/", 1)
		b, err := os.ReadFile(filepath.Join(string(t), name))
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func checkEntries(folder string, hashes tlog.HashReader, size int64) {
	for n := int64(0); n < size; n += 256 {
		tile := tlog.Tile{H: 8, L: 0, N: n / 256, W: 256}
		if size-n < 256 {
			tile.W = int(size - n)
		}
		name := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		bundle := read(folder, name)
		for i := int64(0); i < int64(tile.W); i++ {
			length := int(bundle[0])<<8 | int(bundle[1])
			entry := bundle[2 : 2+length]
			bundle = bundle[2+length:]
			want := fmt.Sprintf("entry %d", n+i)
			if n+i == size-1 { // the one in CBOR
				want = string(read(folder, "signed.entry"))
			}
			if string(entry) != want {
				log.Fatalf("entry %d is %q", n+i, entry)
			}
			got, err := hashes.ReadHashes([]int64{
				tlog.StoredHashIndex(0, n+i)})
			must(err)
			if got[0] != tlog.RecordHash(entry) {
				log.Fatalf("hash of entry %d", n+i)
			}
		}
		if len(bundle) != 0 {
			log.Fatalf("%s: bytes left", name)
		}
	}
}

// checkProof takes the hashes of a c2sp.org/tlog-proof@v1 text.
func checkProof(folder string, verifier note.Verifier) {
	text := read(folder, "proof")
	head, checkpoint, ok := bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || lines[0] != "c2sp.org/tlog-proof@v1" ||
		lines[1] != fmt.Sprintf("index %d", index) {
		log.Fatalf("not a proof: %q", head)
	}
	tree := open(checkpoint, verifier)
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		var h tlog.Hash
		b, err := base64.StdEncoding.DecodeString(line)
		must(err)
		copy(h[:], b)
		proof = append(proof, h)
	}
	leaf := tlog.RecordHash([]byte(fmt.Sprintf("entry %d", index)))
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf))
	if tlog.CheckRecord(proof, tree.N, tree.Hash, index+1, leaf) == nil {
		log.Fatal("the proof fits another index too")
	}
}

func checkConsistency(folder string, old, tree tlog.Tree) {
	raw := read(folder, "consistency")
	var proof tlog.TreeProof
	for ; len(raw) >= 32; raw = raw[32:] {
		var h tlog.Hash
		copy(h[:], raw)
		proof = append(proof, h)
	}
	must(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
}

func main() {
	log.SetFlags(0)
	folder := filepath.Join(os.Args[1], "log")
	verifier, err := note.NewVerifier(string(read(folder, "vkey")))
	must(err)
	tree := open(read(folder, "checkpoint"), verifier)
	old := open(read(folder, "checkpoint.old"), verifier)
	if old.N != oldSize {
		log.Fatalf("old size %d", old.N)
	}
	// TileHashReader checks every tile against the root
	hashes := tlog.TileHashReader(tree, tiles(folder))
	checkEntries(folder, hashes, tree.N)
	checkProof(folder, verifier)
	checkConsistency(folder, old, tree)
	proof, err := tlog.ProveRecord(tree.N, index, hashes)
	must(err)
	leaf := tlog.RecordHash([]byte(fmt.Sprintf("entry %d", index)))
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf))
	fmt.Printf("%d entries, tiles, checkpoint and proofs agree\n", tree.N)
}
