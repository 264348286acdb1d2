// Which memory accesses can share a bounds check. Enters: validated instructions. Leaves: spans of straight code,
// each with guards: a local and how far beyond it the span reads or writes. Always holds: every access of a span
// runs if the span is entered, unless an earlier instruction of the span traps; a guarded local is not set between
// the span's begin and the accesses it stands for. So where a guard fails the span surely traps, and a plain copy of
// it says where: what the span wrote before the trap is written, and the trap is the first one.
using System.Runtime.InteropServices;
using EventSourced.Wasm.Binary;
using EventSourced.Wasm.Validation;

namespace EventSourced.Wasm.Compile;

/// <summary>Bytes up to this distance from a local's value are accessed.</summary>
internal readonly record struct Guard(int Local, long Last);

/// <summary>Straight code; Visible: it does what can be seen before its last guarded access.</summary>
internal sealed record Span(int Start, int End, Guard[] Guards, bool Visible);

internal sealed class GuardPlan
{
    /// <summary>Copies of spans are no longer than this in a function, so that the JIT keeps optimizing.</summary>
    private const int MostCopied = 2_000;

    /// <summary>Checks that a span must save to be worth a copy.</summary>
    private const int WorthCopy = 2;

    private const int Unknown = -1;

    private readonly Dictionary<int, Span> _spans = [];
    private readonly HashSet<int> _guarded = [];
    private readonly List<int> _stack = [];
    private readonly List<int> _boundaries = [];
    private readonly List<Access> _accesses = [];
    private readonly Dictionary<int, int> _setAt = [];
    private readonly List<int> _visible = [];
    private int _copied;
    private int _reserved;

    /// <summary>An access at a local's value as it is at the span's begin, or was set at an instruction.</summary>
    private readonly record struct Access(int At, int Local, int Got, long Last);

    /// <summary>The span that begins at an instruction.</summary>
    public Span? SpanAt(int instruction) => _spans.GetValueOrDefault(instruction);

    /// <summary>Whether the guards of its span stand for this access.</summary>
    public bool IsGuarded(int instruction) => _guarded.Contains(instruction);

    public void Prepare(FunctionCode code)
    {
        _spans.Clear();
        _guarded.Clear();
        _copied = 0;
        Begin(0);
        var instructions = CollectionsMarshal.AsSpan(code.Instructions);
        for (var i = 0; i < instructions.Length; i++)
        {
            if (!Visit(instructions[i], i))
            {
                Close();
                Begin(i + 1);
            }
        }
    }

    private void Begin(int at)
    {
        _stack.Clear();
        _boundaries.Clear();
        _boundaries.Add(at);
        _accesses.Clear();
        _setAt.Clear();
        _visible.Clear();
    }

    /// <summary>Follows what is on the stack; no where straight code ends.</summary>
    private bool Visit(Instruction instruction, int at)
    {
        var opcode = instruction.Opcode;
        switch (opcode)
        {
            case Opcode.Nop:
                return true;
            case Opcode.LocalGet:
                // Which local is kept as its index, and where it was loaded by the order of visits.
                _stack.Add(instruction.Index);
                return true;
            case Opcode.LocalSet or Opcode.LocalTee:
                return Set(instruction, at);
            case (>= Opcode.I32Const and <= Opcode.F64Const) or Opcode.GlobalGet:
                _stack.Add(Unknown);
                return true;
            case Opcode.GlobalSet:
                _visible.Add(at);
                return Pop(1, at);
            case Opcode.Drop:
                return Pop(1, at);
            case Opcode.Select or Opcode.SelectTyped:
                return Pop(3, at) && Result();
            case >= Opcode.I32Load and <= Opcode.I64Load32U:
                return Note(instruction, at, 1) && Pop(1, at) && Result();
            case >= Opcode.I32Store and <= Opcode.I64Store32:
                if (!Note(instruction, at, 2))
                    return false;
                _visible.Add(at);
                return Pop(2, at);
            case (>= Opcode.I32Eqz and <= Opcode.I64Extend32S)
                or (>= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U):
                if (MayTrap(opcode))
                    _visible.Add(at);
                return Pop(OperatorTypes.Of(opcode).Arity, at) && Result();
            default:
                return false;
        }
    }

    private static bool MayTrap(Opcode opcode) => opcode is
        (>= Opcode.I32DivS and <= Opcode.I32RemU) or (>= Opcode.I64DivS and <= Opcode.I64RemU)
        or (>= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U) or (>= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U);

    private bool Set(Instruction instruction, int at)
    {
        if (_stack.Count == 0)
            return false;
        // What was loaded before is the old value: no guard of the new one may stand for it.
        for (var i = 0; i < _stack.Count; i++)
        {
            if (_stack[i] == instruction.Index)
                _stack[i] = Unknown;
        }

        _setAt[instruction.Index] = at;
        if (instruction.Opcode == Opcode.LocalSet)
            return Pop(1, at);
        _stack[^1] = instruction.Index;
        return true;
    }

    private bool Pop(int count, int at)
    {
        if (_stack.Count < count)
            return false;
        _stack.RemoveRange(_stack.Count - count, count);
        if (_stack.Count == 0)
            _boundaries.Add(at + 1);
        return true;
    }

    private bool Result()
    {
        // A result is on the stack, so this is no boundary.
        if (_stack.Count == 0)
            _boundaries.RemoveAt(_boundaries.Count - 1);
        _stack.Add(Unknown);
        return true;
    }

    private bool Note(Instruction instruction, int at, int depth)
    {
        if (_stack.Count < depth)
            return false;
        var local = _stack[^depth];
        if (local != Unknown)
        {
            var last = (uint)instruction.B + (long)OperatorTypes.Access(instruction.Opcode).Bytes - 1;
            _accesses.Add(new Access(at, local, _setAt.GetValueOrDefault(local, Unknown), last));
        }

        return true;
    }

    /// <summary>Makes spans of the straight code behind: a new one where a guarded local is set.</summary>
    private void Close()
    {
        var end = _boundaries[^1];
        _reserved = 0;
        var first = 0;
        while (first < _accesses.Count && _accesses[first].At < end)
            first = MakeSpan(first, end);
    }

    /// <summary>Makes a span from an access on; gives the first access behind it.</summary>
    private int MakeSpan(int first, int end)
    {
        var start = _boundaries.FindLast(boundary => boundary <= _accesses[first].At);
        var behind = first;
        var reach = new Dictionary<int, (long Last, int Ends)>();
        var seen = new HashSet<(int, long)>();
        for (; behind < _accesses.Count && _accesses[behind].At < end; behind++)
        {
            var access = _accesses[behind];
            if (access.Got >= start)
                break;
            var (last, ends) = reach.GetValueOrDefault(access.Local, (-1, 0));
            reach[access.Local] = (Math.Max(last, access.Last), ends + (seen.Add((access.Local, access.Last)) ? 1 : 0));
        }

        if (behind == first || start < _reserved)
            return first + 1;
        var guards = reach.Where(local => local.Value.Ends > 1)
            .Select(local => new Guard(local.Key, local.Value.Last)).OrderBy(guard => guard.Local).ToArray();
        var saved = reach.Values.Sum(local => local.Ends - 1);
        if (guards.Length > 0)
            Add(start, first, behind, guards, saved);
        return behind;
    }

    private void Add(int start, int first, int behind, Guard[] guards, int saved)
    {
        var locals = guards.Select(guard => guard.Local).ToHashSet();
        var covered = _accesses[first..behind].Where(access => locals.Contains(access.Local)).ToArray();
        var end = _boundaries.Find(boundary => boundary > covered[^1].At);
        var visible = _visible.Exists(at => at >= start && at < covered[^1].At);
        if (visible && (saved < WorthCopy || _copied + end - start > MostCopied))
            return;
        if (visible)
            _copied += end - start;
        _reserved = end;
        _spans[start] = new Span(start, end, guards, visible);
        foreach (var access in covered)
            _guarded.Add(access.At);
    }
}
