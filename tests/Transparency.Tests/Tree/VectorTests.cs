// Published values: the eight leaves of Certificate Transparency's reference implementation, whose roots every
// implementation of RFC 6962 agrees on, and what Go's sumdb packages say of larger trees (vectors/go.json, made by
// oracle/vectors.go).
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace EventSourced.Transparency.Tests;

public class VectorTests
{
    private static readonly string[] Inputs =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    private static readonly JsonElement Go =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "go.json"))).RootElement;

    [Fact]
    public void Roots_of_one_to_eight_leaves_are_those_that_certificate_transparency_publishes()
    {
        var batch = new TreeBatch(CompactRange.Empty);
        for (var size = 0; size < Roots.Length; size++)
        {
            Assert.Equal(Roots[size], Hex(batch.Edge().Root()));
            if (size < Inputs.Length) batch.Add(Convert.FromHexString(Inputs[size]));
        }
    }

    [Theory]
    [InlineData(
        0, 8,
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(
        5, 8,
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(
        1, 5,
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public async Task Inclusion_is_proven_by_the_published_hashes(int index, int size, params string[] hashes)
    {
        var (log, root) = Published(size);
        var proof = await new TileProver(log.ReadAsync, size, root).IncludeAsync(index);
        Assert.Equal(hashes, proof.Siblings.Select(Hex));
        Assert.Equal(MerkleHash.OfLeaf(Convert.FromHexString(Inputs[index])), proof.Leaf);
    }

    [Theory]
    [InlineData(
        1, 8,
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(
        6, 8,
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(
        2, 5,
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public async Task Consistency_is_proven_by_the_published_hashes(int old, int size, params string[] hashes)
    {
        var (log, root) = Published(size);
        var proof = await new TileProver(log.ReadAsync, size, root).ExtendAsync(old);
        Assert.Equal(hashes, proof.Select(Hex));
        Assert.True(MerkleProof.Extends(old, OfHex(Roots[old]), size, OfHex(Roots[size]), [.. proof]));
    }

    [Fact]
    public async Task Trees_tiles_and_notes_are_those_of_Go_up_to_70000_leaves()
    {
        var log = new MemoryLog();
        foreach (var tree in Go.GetProperty("Trees").EnumerateArray())
        {
            var size = tree.GetProperty("Size").GetInt64();
            log.Append((int)(size - log.Edge.Size));
            Assert.Equal(tree.GetProperty("Root").GetString(), log.Root.ToString());
            Assert.Equal(tree.GetProperty("Tiles").GetString(), await TilesAsync(log));
        }
    }

    [Fact]
    public async Task Proofs_are_those_of_Go_hash_by_hash()
    {
        var log = MemoryLog.Of(70_000);
        foreach (var wanted in Go.GetProperty("Inclusion").EnumerateArray())
        {
            var (index, prover, hashes) = await WantedAsync(log, wanted);
            Assert.Equal(hashes, (await prover.IncludeAsync(index)).Siblings.Select(hash => hash.ToString()));
        }

        foreach (var wanted in Go.GetProperty("Consistency").EnumerateArray())
        {
            var (old, prover, hashes) = await WantedAsync(log, wanted);
            Assert.Equal(hashes, (await prover.ExtendAsync(old)).Select(hash => hash.ToString()));
        }
    }

    [Fact]
    public void Notes_that_Go_signed_are_read_verified_and_made_again_to_the_byte()
    {
        var verifier = VerifierKey.Parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        using var signer = SigningKey.Parse(
            "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
        foreach (var tree in Go.GetProperty("Trees").EnumerateArray())
        {
            var note = tree.GetProperty("Note").GetString()!;
            var read = SignedCheckpoint.Parse(Keys.Utf8(note));
            Assert.True(read.Note.Judge([verifier]).Holds);
            Assert.Equal(tree.GetProperty("Size").GetInt64(), read.Checkpoint.Size);
            Assert.Equal(note, SignedCheckpoint.Sign(read.Checkpoint, Keys.Now, signer).ToString());
        }
    }

    [Fact]
    public void Paths_are_those_of_Go()
    {
        foreach (var path in Go.GetProperty("Paths").EnumerateObject())
        {
            long[] numbers = [.. path.Name.Split(' ').Select(long.Parse)];
            var tile = numbers[0] < 0
                ? TilePath.OfEntries(numbers[1], (int)numbers[2])
                : TilePath.OfHashes((int)numbers[0], numbers[1], (int)numbers[2]);
            Assert.Equal(path.Value.GetString(), tile.ToString());
            Assert.Equal(tile, TilePath.Parse(path.Value.GetString()));
        }
    }

    private static async Task<(long First, TileProver Prover, string[] Hashes)> WantedAsync(
        MemoryLog log, JsonElement wanted)
    {
        var size = wanted.GetProperty("Size").GetInt64();
        var root = await log.Prover().RootAsync(size);
        string[] hashes = [.. wanted.GetProperty("Hashes").EnumerateArray().Select(hash => hash.GetString()!)];
        return (wanted.GetProperty("First").GetInt64(), new TileProver(log.ReadAsync, size, root), hashes);
    }

    private static async Task<string> TilesAsync(MemoryLog log)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tile in TilePath.Of(log.Edge.Size).Where(tile => !tile.IsEntries))
        {
            all.AppendData(Keys.Utf8($"{tile}\n"));
            all.AppendData((await log.ReadAsync(tile, default)).Span);
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private static (MemoryLog Log, MerkleHash Root) Published(int size)
    {
        var log = new MemoryLog();
        using var batch = new LogBatch(log.Edge);
        foreach (var input in Inputs[..size]) batch.Add(Convert.FromHexString(input));
        log.Commit(batch);
        return (log, log.Root);
    }

    private static MerkleHash OfHex(string hex) => new(Convert.FromHexString(hex));

    private static string Hex(MerkleHash hash) => Convert.ToHexStringLower(hash.Bytes);
}
