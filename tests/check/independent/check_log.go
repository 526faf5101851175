// Verifies a log made by Hufu with Go's checksum database packages:
// check_log FOLDER, as write_sample.c wrote it.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	oldSize = 40000
	index   = 12345
)

var leaf = tlog.RecordHash([]byte(fmt.Sprintf("entry %d", index)))

func checkEntries(folder string, hashes tlog.HashReader, size int64) {
	for n := int64(0); n*256 < size; n++ {
		for i, entry := range bundle(folder, n, size) {
			id := n*256 + int64(i)
			want := fmt.Sprintf("entry %d", id)
			if id == size-1 { // the one in CBOR
				want = string(read(folder, "signed.entry"))
			}
			if string(entry) != want {
				log.Fatalf("entry %d is %q", id, entry)
			}
			got, err := hashes.ReadHashes([]int64{
				tlog.StoredHashIndex(0, id)})
			must(err)
			if got[0] != tlog.RecordHash(entry) {
				log.Fatalf("hash of entry %d", id)
			}
		}
	}
}

func checkProof(folder string, verifier note.Verifier) {
	tree, at, path := proof(read(folder, "proof"), verifier)
	if at != index {
		log.Fatalf("proof of entry %d", at)
	}
	must(tlog.CheckRecord(path, tree.N, tree.Hash, index, leaf))
	if tlog.CheckRecord(path, tree.N, tree.Hash, index+1, leaf) == nil {
		log.Fatal("the proof fits another index too")
	}
}

func checkConsistency(folder string, old, tree tlog.Tree) {
	raw := read(folder, "consistency")
	var path tlog.TreeProof
	for ; len(raw) >= 32; raw = raw[32:] {
		var h tlog.Hash
		copy(h[:], raw)
		path = append(path, h)
	}
	must(tlog.CheckTree(path, tree.N, tree.Hash, old.N, old.Hash))
}

func main() {
	log.SetFlags(0)
	folder := filepath.Join(os.Args[1], "log")
	verifier, err := note.NewVerifier(string(read(folder, "vkey")))
	must(err)
	tree := checkpoint(read(folder, "checkpoint"), verifier)
	old := checkpoint(read(folder, "checkpoint.old"), verifier)
	if old.N != oldSize {
		log.Fatalf("old size %d", old.N)
	}
	// TileHashReader checks every tile against the root
	hashes := tlog.TileHashReader(tree, tiles(folder))
	checkEntries(folder, hashes, tree.N)
	checkProof(folder, verifier)
	checkConsistency(folder, old, tree)
	path, err := tlog.ProveRecord(tree.N, index, hashes)
	must(err)
	must(tlog.CheckRecord(path, tree.N, tree.Hash, index, leaf))
	fmt.Printf("%d entries, tiles, checkpoint and proofs agree\n", tree.N)
}
