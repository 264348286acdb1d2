// A random program: valid, terminating, and observed to the last bit. Enters: a seed. Leaves: a WebAssembly 2.0
// module that exports run() -> i64, dump() (which writes every global into memory) and its memory. Functions call
// only those before them, loops count down, and each function's cost is estimated while it is written, so every run
// is short.
namespace EventSourced.Wasm.Determinism;

/// <summary>A number type by its byte in the binary format.</summary>
public enum Kind : byte
{
    V128 = 0x7b,
    F64 = 0x7c,
    F32 = 0x7d,
    I64 = 0x7e,
    I32 = 0x7f,
}

/// <summary>A function's type.</summary>
public sealed record Signature(Kind[] Parameters, Kind[] Results)
{
    public bool Same(Signature other) =>
        Parameters.SequenceEqual(other.Parameters) && Results.SequenceEqual(other.Results);
}

/// <summary>What all functions of one program share.</summary>
public sealed class ProgramPlan
{
    public const int MemoryPages = 1;
    public const int MemoryPagesMost = 3;
    public const int TableSlots = 12;
    public const int FunctionsMost = 5;
    public const int DataBytes = 64;
    public const int CostLimit = 30_000;

    private const int SignatureCount = 5;

    private static readonly Kind[] Kinds = [Kind.I32, Kind.I64, Kind.F32, Kind.F64];

    private readonly List<Bytes> _bodies = [];

    private ProgramPlan(Dice dice)
    {
        Dice = dice;
        Globals = [.. Enumerable.Range(0, 4 + dice.Below(5)).Select(i => i < 4 ? Kinds[i] : dice.Of(Kinds))];
        Signatures =
        [
            .. Enumerable.Range(0, SignatureCount).Select(i => new Signature(
                [.. Enumerable.Range(0, dice.Below(4)).Select(_ => dice.Of(Kinds))],
                [.. Enumerable.Range(0, i == 0 ? 2 : dice.Once(6) ? 0 : 1).Select(_ => dice.Of(Kinds))])),
            // For blocks and loops that take values from the stack.
            new([Kind.I32, Kind.I64], [Kind.I64]),
            new([Kind.I32], [Kind.I32]),
            new([], [Kind.I64]),
            new([], []),
        ];
    }

    public Dice Dice { get; }

    public IReadOnlyList<Kind> Globals { get; }

    public List<Signature> Signatures { get; }

    /// <summary>The signature of each function written so far, and what a call of it costs at most.</summary>
    public List<(Signature Signature, int Cost)> Functions { get; } = [];

    /// <summary>The binary of the program with this seed.</summary>
    public static byte[] Module(ulong seed)
    {
        var plan = new ProgramPlan(new Dice(seed));
        var count = 2 + plan.Dice.Below(FunctionsMost - 1);
        for (var i = 0; i < count; i++) plan.Write(plan.Signatures[plan.Dice.Below(SignatureCount)]);
        plan.Write(plan.Signatures[^2]);
        plan._bodies.Add(plan.Dump());
        plan.Functions.Add((plan.Signatures[^1], 0));
        return plan.Assemble().ToArray();
    }

    private void Write(Signature signature)
    {
        var body = new FunctionWriter(this, signature);
        _bodies.Add(body.Write());
        Functions.Add((signature, body.Cost));
    }

    private Bytes Dump()
    {
        var code = new Bytes().Unsigned(0);
        for (var i = 0; i < Globals.Count; i++)
        {
            code.Add(0x41).Signed(8 * i).Add(0x23).Unsigned((uint)i);
            code.Add(Globals[i] switch
            {
                Kind.I32 => (byte)0x36,
                Kind.I64 => (byte)0x37,
                Kind.F32 => (byte)0x38,
                _ => (byte)0x39,
            });
            code.Add(0, 0);
        }

        return code.Add(0x0b);
    }

    private Bytes Assemble()
    {
        var functions = (uint)Functions.Count;
        var types = new Bytes().Unsigned((uint)Signatures.Count);
        foreach (var signature in Signatures) types.Append(Encoded(signature));
        var declared = new Bytes().Unsigned(functions);
        foreach (var (signature, _) in Functions) declared.Unsigned((uint)Signatures.IndexOf(signature));
        var globals = new Bytes().Unsigned((uint)Globals.Count);
        foreach (var kind in Globals)
        {
            globals.Add((byte)kind, 1);
            FunctionWriter.Constant(globals, kind, Dice);
            globals.Add(0x0b);
        }

        var exports = new Bytes().Unsigned(3).Name("memory").Add(2, 0)
            .Name("run").Add(0).Unsigned(functions - 2).Name("dump").Add(0).Unsigned(functions - 1);
        var elements = new Bytes().Unsigned(1).Add(0, 0x41, 0, 0x0b).Unsigned(functions - 2);
        for (var i = 0u; i < functions - 2; i++) elements.Unsigned(i);
        var code = new Bytes().Unsigned(functions);
        foreach (var body in _bodies) code.Sized(body);
        var data = new Bytes().Unsigned(2).Add(0, 0x41).Signed(256).Add(0x0b).Append(RandomData())
            .Add(1).Append(RandomData());
        return new Bytes().Add(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
            .Section(1, types)
            .Section(3, declared)
            .Section(4, new Bytes().Unsigned(1).Add(0x70, 1).Unsigned(TableSlots).Unsigned(TableSlots + 4))
            .Section(5, new Bytes().Unsigned(1).Add(1).Unsigned(MemoryPages).Unsigned(MemoryPagesMost))
            .Section(6, globals)
            .Section(7, exports)
            .Section(9, elements)
            .Section(12, new Bytes().Unsigned(2))
            .Section(10, code)
            .Section(11, data);
    }

    private Bytes RandomData()
    {
        var data = new Bytes().Unsigned(DataBytes);
        for (var i = 0; i < DataBytes / 8; i++) data.Bits64(Dice.Next());
        return data;
    }

    private static Bytes Encoded(Signature signature)
    {
        var bytes = new Bytes().Add(0x60).Unsigned((uint)signature.Parameters.Length);
        foreach (var kind in signature.Parameters) bytes.Add((byte)kind);
        bytes.Unsigned((uint)signature.Results.Length);
        foreach (var kind in signature.Results) bytes.Add((byte)kind);
        return bytes;
    }
}
