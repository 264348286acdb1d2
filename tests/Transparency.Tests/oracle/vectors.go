// Writes vectors/go.json: what Go's own sumdb packages say of trees, tiles, proofs and notes. Not run by the tests, for Go is large;
// made once with Debian's golang-go 1.19 and golang-golang-x-mod-dev 0.7.0:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run oracle/vectors.go > vectors/go.json
//
// The i-th entry is the number i in decimal, i mod 5 times.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"

type proof struct {
	First, Size int64
	Hashes      []string
}

type tree struct {
	Size int64
	Root string
	// SHA-256 over "path LF bytes" of every tile in the order of levels.
	Tiles string
	Note  string
}

type vectors struct {
	Trees       []tree
	Inclusion   []proof
	Consistency []proof
	Paths       map[string]string
}

type storage []tlog.Hash

func (s storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = s[index]
	}
	return hashes, nil
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// C2SP paths do not name the height, and call data entries.
func path(t tlog.Tile) string {
	return strings.Replace(strings.Replace(t.Path(), "tile/8/", "tile/", 1), "/data/", "/entries/", 1)
}

func texts(hashes []tlog.Hash) []string {
	lines := []string{}
	for _, hash := range hashes {
		lines = append(lines, hash.String())
	}
	return lines
}

func tilesOf(size int64, stored storage) string {
	all := sha256.New()
	for level := 0; size>>(8*level) > 0; level++ {
		count := size >> (8 * level)
		for n := int64(0); n*256 < count; n++ {
			width := count - n*256
			if width > 256 {
				width = 256
			}
			t := tlog.Tile{H: 8, L: level, N: n, W: int(width)}
			fmt.Fprintf(all, "%s\n", path(t))
			all.Write(must(tlog.ReadTileData(t, stored)))
		}
	}
	return hex.EncodeToString(all.Sum(nil))
}

func main() {
	var stored storage
	signer := must(note.NewSigner(secret))
	out := vectors{Paths: map[string]string{}}
	sizes := map[int64]bool{}
	for _, size := range []int64{1, 2, 3, 5, 7, 8, 9, 255, 256, 257, 511, 512, 513, 1000, 65535, 65536, 65537, 70000} {
		sizes[size] = true
	}
	for i := int64(0); i < 70000; i++ {
		entry := strings.Repeat(strconv.FormatInt(i, 10), int(i%5))
		stored = append(stored, must(tlog.StoredHashes(i, []byte(entry), stored))...)
		size := i + 1
		if !sizes[size] {
			continue
		}
		root := must(tlog.TreeHash(size, stored))
		text := string(tlog.FormatTree(tlog.Tree{N: size, Hash: root}))
		signed := must(note.Sign(&note.Note{Text: text}, signer))
		out.Trees = append(out.Trees, tree{size, root.String(), tilesOf(size, stored), string(signed)})
		for _, first := range []int64{0, 1, size / 3, size / 2, size - 1} {
			if first < size {
				hashes := must(tlog.ProveRecord(size, first, stored))
				out.Inclusion = append(out.Inclusion, proof{first, size, texts(hashes)})
			}
			if first > 0 {
				hashes := must(tlog.ProveTree(size, first, stored))
				out.Consistency = append(out.Consistency, proof{first, size, texts(hashes)})
			}
		}
	}
	for _, t := range []tlog.Tile{
		{H: 8, L: 0, N: 0, W: 256}, {H: 8, L: 0, N: 999, W: 1}, {H: 8, L: 1, N: 1000, W: 256}, {H: 8, L: 2, N: 1234067, W: 255},
		{H: 8, L: -1, N: 1234067, W: 256}, {H: 8, L: -1, N: 7, W: 3}, {H: 8, L: 0, N: 36028797018963967, W: 17},
	} {
		out.Paths[fmt.Sprintf("%d %d %d", t.L, t.N, t.W)] = path(t)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(out); err != nil {
		panic(err)
	}
}
