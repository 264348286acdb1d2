// ./es bench transparency [ENTRIES]: appends entries to a log beside a bare SHA-256 of the same bytes in the same run,
// rounds interleaved, medians; then proofs made from tiles and judged, and signatures. One thread; the log is in
// memory, so no disk and no database is timed.
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using EventSourced.Bench.Transparency;
using EventSourced.Reporting;
using EventSourced.Transparency;

const int Rounds = 9;
const int BatchEntries = 1_000;
const int Proofs = 2_000;
const int Signatures = 300;

var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200_000;
var entries = Entries(count);
var bytes = entries.Sum(entry => (long)entry.Length);
List<double> bare = [], hashed = [], tree = [], log = [];
for (var round = -1; round < Rounds; round++)
{
    var times = new (List<double> To, Func<double> Run)[]
    {
        (bare, () => Seconds(() => Bare(entries))),
        (hashed, () => Seconds(() => Hashed(entries))),
        (tree, () => Seconds(() => Tree(entries))),
        (log, () => Seconds(() => Log(entries))),
    };
    // The order turns every round, and the first round only warms up.
    for (var one = 0; one < times.Length; one++)
    {
        var (to, run) = times[(one + round + 1) % times.Length];
        var seconds = run();
        if (round >= 0) to.Add(seconds);
    }
}

var allocated = Allocated(entries);
var report = new Report("transparency").Columns(
    $"{count:n0} entries, {bytes / count:n0} bytes each", "entries/s", "of the bare hash", "us an entry");
Row("bare SHA-256 of the same bytes", bare);
Row("leaf hashes alone", hashed);
Row("tree and tiles, batches of 1,000", tree);
Row("tree, tiles and bundles, batches of 1,000", log);
report.Row("allocated an entry, tiles and edges included", "", "", $"{allocated:n1} bytes");

var built = BuiltLog.Of(entries);
var prover = new TileProver(built.ReadAsync, built.Edge.Size, built.Edge.Root());
var (make, judge, siblings) = await InclusionAsync(prover, built.Edge);
var (extend, follow) = await ConsistencyAsync(prover, built.Edge);
report.Row($"inclusion proof of {siblings} hashes: made from tiles / judged", "", "", $"{make:n1} / {judge:n1}");
report.Row("consistency proof: made from tiles / judged", "", "", $"{extend:n1} / {follow:n1}");
foreach (var type in Enum.GetValues<SignatureType>())
{
    var (sign, verify) = Signing(type, built.Edge);
    report.Row($"{type}: checkpoint signed / verified, p50", "", "", $"{sign:n1} / {verify:n1}");
}

report.Target("leaves appended, tree and tiles and bundles", count / Report.Median(log), "1/s", 100_000, Better.Higher);
report.Target(
    "append as a share of the bare hash's speed", Report.Median(bare) / Report.Median(log), "x", 0.3, Better.Higher);
report.Target("allocated a leaf beyond entries, tiles and edges", allocated, "bytes", 16, Better.Lower);
report.Target("inclusion proof made from tiles", make, "us", 1_000, Better.Lower);
report.Target("inclusion proof judged", judge, "us", 50, Better.Lower);
return report.Print();

void Row(string name, List<double> seconds) => report.Row(
    name,
    $"{count / Report.Median(seconds):n0}",
    (Report.Median(bare) / Report.Median(seconds)).ToString("0.00", CultureInfo.InvariantCulture),
    (1e6 * Report.Median(seconds) / count).ToString("0.000", CultureInfo.InvariantCulture));

// Canonical JSON of an event has 200 to 700 bytes.
static byte[][] Entries(int count)
{
    var random = new Random(1);
    var entries = new byte[count][];
    for (var entry = 0; entry < count; entry++) random.NextBytes(entries[entry] = new byte[random.Next(200, 700)]);
    return entries;
}

static void Bare(byte[][] entries)
{
    Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
    foreach (var entry in entries) SHA256.HashData(entry, hash);
}

static void Hashed(byte[][] entries)
{
    foreach (var entry in entries) MerkleHash.OfLeaf(entry);
}

static void Tree(byte[][] entries)
{
    var edge = CompactRange.Empty;
    foreach (var chunk in entries.Chunk(BatchEntries))
    {
        var batch = new TreeBatch(edge, chunk.Length);
        foreach (var entry in chunk) batch.Add(entry);
        foreach (var growth in batch.Tiles()) _ = growth.Added.Length;
        edge = batch.Edge();
    }
}

static void Log(byte[][] entries)
{
    var edge = CompactRange.Empty;
    foreach (var chunk in entries.Chunk(BatchEntries)) edge = Batch(edge, chunk).Edge();
}

static LogBatch Batch(CompactRange edge, byte[][] chunk)
{
    var batch = new LogBatch(edge, chunk.Length, chunk.Sum(entry => entry.Length));
    foreach (var entry in chunk) batch.Add(entry);
    foreach (var growth in batch.Tiles().Concat(batch.Bundles())) _ = growth.Added.Length;
    return batch;
}

// What one batch of all entries takes beyond the bytes that it hands out: hashes of the tiles, and entries with their
// lengths.
static double Allocated(byte[][] entries)
{
    var before = GC.GetAllocatedBytesForCurrentThread();
    var batch = Batch(CompactRange.Empty, entries);
    var taken = GC.GetAllocatedBytesForCurrentThread() - before;
    var handed = batch.Tiles().Concat(batch.Bundles()).Sum(growth => (long)growth.Added.Length);
    return Math.Max(0, taken - handed) / (double)entries.Length;
}

static double Seconds(Action action)
{
    GC.Collect();
    var start = Stopwatch.GetTimestamp();
    action();
    return Stopwatch.GetElapsedTime(start).TotalSeconds;
}

static async Task<(double Make, double Judge, int Siblings)> InclusionAsync(TileProver prover, CompactRange edge)
{
    var random = new Random(2);
    var root = edge.Root();
    List<double> made = [], judged = [];
    var siblings = 0;
    for (var round = -Proofs / 10; round < Proofs; round++)
    {
        var start = Stopwatch.GetTimestamp();
        var proof = await prover.IncludeAsync(random.NextInt64(edge.Size));
        var make = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        MerkleHash[] hashes = [.. proof.Siblings];
        start = Stopwatch.GetTimestamp();
        if (!MerkleProof.Includes(proof.Leaf, proof.Index, edge.Size, root, hashes))
            throw new InvalidOperationException("expected a proof that holds");
        if (round < 0) continue;
        judged.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        made.Add(make);
        siblings = Math.Max(siblings, hashes.Length);
    }

    return (Report.Median(made), Report.Median(judged), siblings);
}

static async Task<(double Make, double Judge)> ConsistencyAsync(TileProver prover, CompactRange edge)
{
    var random = new Random(3);
    var root = edge.Root();
    List<double> made = [], judged = [];
    for (var round = 0; round < Proofs / 4; round++)
    {
        var old = random.NextInt64(1, edge.Size);
        var oldRoot = await prover.RootAsync(old);
        var start = Stopwatch.GetTimestamp();
        MerkleHash[] proof = [.. await prover.ExtendAsync(old)];
        made.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        start = Stopwatch.GetTimestamp();
        if (!MerkleProof.Extends(old, oldRoot, edge.Size, root, proof))
            throw new InvalidOperationException("expected a proof that holds");
        judged.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
    }

    return (Report.Median(made), Report.Median(judged));
}

static (double Sign, double Verify) Signing(SignatureType type, CompactRange edge)
{
    using var key = SigningKey.Parse(SigningKey.NewSecret("log.example/bench", type));
    var text = new Checkpoint("log.example/bench", edge.Size, edge.Root()).ToString();
    List<double> signed = [], verified = [];
    for (var round = -30; round < Signatures; round++)
    {
        var start = Stopwatch.GetTimestamp();
        var signature = key.Sign(text, 1_795_000_000);
        var sign = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        start = Stopwatch.GetTimestamp();
        if (key.Verifier.Verify(text, signature.Signature.Span) is null)
            throw new InvalidOperationException("expected a signature that holds");
        if (round < 0) continue;
        verified.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        signed.Add(sign);
    }

    return (Report.Median(signed), Report.Median(verified));
}
