// Verifies a log that hufu-signd signed with Go's checksum database packages:
// check_published FOLDER, as publish_sample.c wrote it. Every entry of every
// bundle is proven under the checkpoint; so is the one of the proof text.
package main

import (
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

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func read(parts ...string) []byte {
	b, err := os.ReadFile(filepath.Join(parts...))
	must(err)
	return b
}

func checkpoint(msg []byte, verifier note.Verifier) tlog.Tree {
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
	tree := tlog.Tree{N: size}
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

func bundle(folder string, n, size int64) [][]byte {
	w := size - n*256
	if w > 256 {
		w = 256
	}
	tile := tlog.Tile{H: 8, L: 0, N: n, W: int(w)}
	name := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
	b := read(folder, name)
	var out [][]byte
	for len(b) >= 2 {
		l := int(b[0])<<8 | int(b[1])
		out = append(out, b[2:2+l])
		b = b[2+l:]
	}
	if len(b) != 0 || int64(len(out)) != w {
		log.Fatalf("%s: %d entries, %d bytes left", name, len(out), len(b))
	}
	return out
}

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

// checkProof reads a c2sp.org/tlog-proof@v1 text.
func checkProof(folder string, verifier note.Verifier) {
	head, signed, ok := strings.Cut(string(read(folder, "proof")), "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || lines[0] != "c2sp.org/tlog-proof@v1" {
		log.Fatal("not a proof")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(
		strings.TrimPrefix(lines[0], "index "), 10, 64)
	must(err)
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		b, err := base64.StdEncoding.DecodeString(line)
		must(err)
		var h tlog.Hash
		copy(h[:], b)
		proof = append(proof, h)
	}
	tree := checkpoint([]byte(signed), verifier)
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, index,
		tlog.RecordHash(read(folder, "entry"))))
}

func main() {
	folder := os.Args[1]
	verifier, err := note.NewVerifier(string(read(folder, "vkey")))
	must(err)
	published := filepath.Join(folder, "log")
	tree := checkpoint(read(published, "checkpoint"), verifier)
	checkEntries(published, tree)
	checkProof(folder, verifier)
	fmt.Printf("%d entries proven\n", tree.N)
}
