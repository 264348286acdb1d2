// Verifies a served log by an implementation that is not ours: golang.org/x/mod/sumdb, whose hash reader, proofs and notes are used and nothing of
// our own but the addresses. Enters: the log's address, its verifier key, a file with a proof and one with its leaf. Leaves: one line, or exit 1.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const bundleSize = 256

type served string

func (s served) Height() int                      { return 8 }
func (s served) SaveTiles([]tlog.Tile, [][]byte) {}
func (s served) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		bytes, err := s.read("/tile/" + strings.TrimPrefix(tile.Path(), "tile/8/"))
		if err != nil {
			return nil, err
		}
		all = append(all, bytes)
	}
	return all, nil
}

func (s served) read(path string) ([]byte, error) {
	reply, err := http.Get(string(s) + path)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("expected %s, found %s", path, reply.Status)
	}
	return io.ReadAll(reply.Body)
}

// The hashes that Go's own storage of a tree would hold, made from the entries.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		hashes = append(hashes, s[index])
	}
	return hashes, nil
}

func check(err error) {
	if err != nil {
		fmt.Println("not verified:", err)
		os.Exit(1)
	}
}

func tree(text string) tlog.Tree {
	lines := strings.Split(text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	var found tlog.Tree
	found.N = size
	copy(found.Hash[:], root)
	return found
}

func main() {
	log := served(os.Args[1])
	verifier, err := note.NewVerifier(os.Args[2])
	check(err)
	text, err := log.read("/checkpoint")
	check(err)
	signed, err := note.Open(text, note.VerifierList(verifier))
	check(err)
	head := tree(signed.Text)
	reader := tlog.TileHashReader(head, log)

	var made stored
	for first := int64(0); first < head.N; first += bundleSize {
		path := fmt.Sprintf("/tile/entries/%03d", first/bundleSize)
		if head.N-first < bundleSize {
			path += fmt.Sprintf(".p/%d", head.N-first)
		}
		bundle, err := log.read(path)
		check(err)
		for at := first; len(bundle) > 0; at++ {
			length := binary.BigEndian.Uint16(bundle)
			entry := bundle[2 : 2+length]
			bundle = bundle[2+length:]
			hashes, err := tlog.StoredHashes(at, entry, made)
			check(err)
			made = append(made, hashes...)
			if at%37 == 0 {
				proof, err := tlog.ProveRecord(head.N, at, reader)
				check(err)
				check(tlog.CheckRecord(proof, head.N, head.Hash, at, tlog.RecordHash(entry)))
			}
		}
	}
	root, err := tlog.TreeHash(head.N, made)
	check(err)
	if root != head.Hash {
		check(fmt.Errorf("expected the root %v, found %v", head.Hash, root))
	}
	single(verifier, os.Args[3], os.Args[4])
	fmt.Printf("verified: %d leaves\n", head.N)
}

// A .tlog-proof file: index, siblings, an empty line, the checkpoint.
func single(verifier note.Verifier, proofFile, leafFile string) {
	text, err := os.ReadFile(proofFile)
	check(err)
	leaf, err := os.ReadFile(leafFile)
	check(err)
	head, rest, _ := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	check(err)
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		bytes, err := base64.StdEncoding.DecodeString(line)
		check(err)
		var hash tlog.Hash
		copy(hash[:], bytes)
		proof = append(proof, hash)
	}
	signed, err := note.Open([]byte(rest), note.VerifierList(verifier))
	check(err)
	found := tree(signed.Text)
	check(tlog.CheckRecord(proof, found.N, found.Hash, index, tlog.RecordHash(leaf)))
}
