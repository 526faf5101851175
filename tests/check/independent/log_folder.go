// What both checks of a log read: a published folder, by Go's checksum
// database packages.
package main

import (
	"encoding/base64"
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

func hash(text string) (h tlog.Hash) {
	b, err := base64.StdEncoding.DecodeString(text)
	must(err)
	copy(h[:], b)
	return h
}

// checkpoint verifies the note and takes it apart.
func checkpoint(msg []byte, verifier note.Verifier) tlog.Tree {
	n, err := note.Open(msg, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		log.Fatalf("not a checkpoint: %q", n.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return tlog.Tree{N: size, Hash: hash(lines[2])}
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

// bundle reads the entries 256 n to 256 n + 255, as far as there are.
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

// proof reads a c2sp.org/tlog-proof@v1 text.
func proof(text []byte, verifier note.Verifier) (
	tree tlog.Tree, index int64, path tlog.RecordProof) {
	head, signed, ok := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || lines[0] != "c2sp.org/tlog-proof@v1" {
		log.Fatalf("not a proof: %q", head)
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(
		strings.TrimPrefix(lines[0], "index "), 10, 64)
	must(err)
	for _, line := range lines[1:] {
		path = append(path, hash(line))
	}
	return checkpoint([]byte(signed), verifier), index, path
}
