"""table.py LINES JSON: the benches' lines as one table and one file."""
import json
import os
import platform
import sys
import time

# name, bench, field, unit, limit, which side of it is good
ROWS = [
    ("card made, read, verified (intl)", "card_intl", "median_ms", "ms", 80),
    ("  host's own CPU (intl)", "card_intl", "host_cpu_ms", "ms", 4),
    ("card made, read, verified (sm)", "card_sm", "median_ms", "ms", 80),
    ("  host's own CPU (sm)", "card_sm", "host_cpu_ms", "ms", 4),
    ("face rendered and rasterised", "face_render_and_raster", "median_ms",
     "ms", 60),
    ("QR read back from the raster", "qr_read_back", "median_ms", "ms", None),
    ("durable applications, 64 producers", "applications", "per_s", "/s",
     5000),
    ("  p99", "applications", "p99_ms", "ms", 20),
    ("work list of 100,000 cases, first page p99", "work_list", "p99_ms",
     "ms", 50),
    ("report over a log of 1,000,000 entries", "report", "million_s", "s",
     5),
    ("  over the last month of it", "report", "month_ms", "ms", None),
    ("registry import", "import", "per_s", "/s", None),
    ("eligibility look-up p99", "eligibility", "p99_ms", "ms", 1),
    ("log append with checkpoints", "log_append", "per_s", "/s", 200000),
    ("log append, stored and published", "log_append_stored", "per_s", "/s",
     None),
    ("log verification, rows and files", "log_verify", "per_s", "/s",
     300000),
    ("log verification, files alone", "log_verify_files", "per_s", "/s",
     300000),
    ("compact list, 60 million cards: over entropy", "compact_list",
     "over_percent", "%", 2),
    ("  built from the bit map and signed", "compact_list", "build_ms", "ms",
     5000),
    ("  loaded into a bit map, signature and all", "compact_list", "load_ms",
     "ms", 500),
    ("  look-up in the bit map", "compact_list", "find_ns", "ns", 100),
    ("  look-up in the coded list", "compact_list", "find_coded_ns", "ns",
     None),
    ("longest verdict on any hostile text", "longest_verdict", "ms", "ms", 1),
    ("credential in WebAssembly, SM2", "page_core", "sm2_per_s", "/s", 5000),
    ("  ES256", "page_core", "es256_per_s", "/s", None),
    ("  Token Status List of the same, built", "compact_list",
     "token_build_ms", "ms", None),
]
LESS_IS_GOOD = {"ms", "ns", "%"}
KINDS = [("es256", "openssl_es256"), ("ed25519", "openssl_ed25519"),
         ("sm2", None)]
CORE = [("8-bit tables", "fast_table"), ("4-bit tables", "small_table"),
        ("no table", "no_table")]

# whole credentials: against the same pipeline with OpenSSL's checks, and
# against JavaScript, which knows no SM2
WHOLE = [("sm2", "openssl", "OpenSSL, same pipeline", 10),
         ("es256", "openssl", "OpenSSL, same pipeline", 2),
         ("es256", "node", "PixelPass + COSE in Node", 8)]


def row(name, value, unit, limit, peer="limit"):
    ratio = ok = None
    if limit:
        ratio = value / limit
        if peer == "limit":
            ok = ratio <= 1 if unit in LESS_IS_GOOD else ratio >= 1
    return {"name": name, "value": value, "unit": unit, "limit": limit,
            "against": peer if limit else None, "ratio": ratio, "ok": ok}


def collect(found):
    for name, bench, field, unit, limit in ROWS:
        if bench not in found:  # run.sh has said so
            continue
        if bench == "eligibility":
            name += f" of {found[bench]['registry']:,}"
        yield row(name, found[bench][field], unit, limit)
    for kind, peer in KINDS:
        for act in ("sign", "verify"):
            field = act + "_per_s"
            theirs = found.get(peer, {}).get(field)
            yield row(f"{kind} {act}", found[kind][field], "/s", theirs,
                      "openssl speed")
        for words, field in CORE:
            yield row(f"{kind} verify by the core, {words}",
                      found[kind][f"core_{field}_per_s"], "/s",
                      found[kind]["verify_per_s"], "OpenSSL, same loop")
    for kind, peer, words, times in WHOLE:
        ours = found[f"credential_{kind}"]
        theirs = ours.get(f"{peer}_per_s") or found.get(
            f"credential_{peer}", {}).get(f"{peer}_per_s")
        r = row(f"{kind} credential, text to verdict", ours["libhufu_per_s"],
                "/s", theirs, f"{words}, ≥ {times}×")
        if theirs:
            r["ok"] = r["ratio"] >= times
        yield r


def show(rows):
    print(f"{'name':<44}{'value':>12} {'unit':<5}{'limit':>10}"
          f"{'ratio':>8}  against / ok")
    for r in rows:
        digits = 2 if r["unit"] in LESS_IS_GOOD else 0
        limit = "–" if not r["limit"] else f"{r['limit']:,.0f}"
        ratio = "–" if not r["limit"] else f"{r['ratio']:.2f}"
        word = {True: "ok", False: "MISSED", None: r["against"] or "–"}
        if r["against"] not in (None, "limit") and r["ok"] is not None:
            word = {ok: f"{r['against']}: {w}" for ok, w in word.items()}
        print(f"{r['name']:<44}{r['value']:>12,.{digits}f} {r['unit']:<5}"
              f"{limit:>10}{ratio:>8}  {word[r['ok']]}")


def main(lines, target):
    with open(lines, encoding="utf-8") as f:
        raw = [json.loads(line) for line in f]
    rows = list(collect({r["bench"]: r for r in raw}))
    show(rows)
    report = {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
              "cpus": os.cpu_count(), "load": os.getloadavg()[0],
              "kernel": platform.release(), "rows": rows, "raw": raw}
    with open(target, "w", encoding="utf-8") as f:
        json.dump(report, f, ensure_ascii=False, indent=1)
        f.write("\n")


main(*sys.argv[1:])
