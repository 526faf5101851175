// Verifies a log that hufu-signd signed with Go's checksum database packages:
// check_published FOLDER, as publish_sample.c wrote it. Every entry of every
// bundle is proven under the checkpoint; so is the one of the proof text.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func checkEntries(folder string, tree tlog.Tree) {
	hashes := tlog.TileHashReader(tree, tiles(folder))
	for n := int64(0); n*256 < tree.N; n++ {
		for i, entry := range bundle(folder, n, tree.N) {
			id := n*256 + int64(i)
			p, err := tlog.ProveRecord(tree.N, id, hashes)
			must(err)
			must(tlog.CheckRecord(p, tree.N, tree.Hash, id,
				tlog.RecordHash(entry)))
		}
	}
}

func main() {
	folder := os.Args[1]
	verifier, err := note.NewVerifier(string(read(folder, "vkey")))
	must(err)
	published := filepath.Join(folder, "log")
	tree := checkpoint(read(published, "checkpoint"), verifier)
	checkEntries(published, tree)
	at, index, path := proof(read(folder, "proof"), verifier)
	must(tlog.CheckRecord(path, at.N, at.Hash, index,
		tlog.RecordHash(read(folder, "entry"))))
	fmt.Printf("%d entries proven\n", tree.N)
}
