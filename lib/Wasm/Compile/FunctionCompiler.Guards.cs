// Spans of straight code whose bounds checks are made at their begin. Enters: a span of the plan. Leaves: its
// guards, its code with the guarded accesses unchecked, and behind the function's end a plain copy for when a guard
// fails. Always holds: what is unchecked lies between a guard that passed and the end of its span; the copy begins
// with the same operands, never comes back, and does all that the guest can see before its trap. Where there is
// nothing to see, failing is the trap itself.
using System.Reflection.Emit;

namespace EventSourced.Wasm.Compile;

internal sealed partial class FunctionCompiler
{
    private readonly GuardPlan _guards;

    /// <summary>Whether the code being made is behind guards that passed.</summary>
    private bool _behindGuards;

    /// <summary>Makes the span that begins here, if no operand waits on IL's stack or for a local.</summary>
    private bool GuardedSpan()
    {
        if (_guards.SpanAt(_at) is not { } span
            || _operands.Exists(operand => operand.Place is Place.OnStack or Place.Local))
        {
            return false;
        }

        var failed = span.Visible ? CopyOf(span) : ThrowLabel(Members.MemoryOutOfBounds);
        foreach (var guard in span.Guards)
        {
            EmitLoadLocal(guard.Local);
            EmitFarther(guard.Last);
            _il.Emit(OpCodes.Ldloc, _memory!);
            _il.Emit(OpCodes.Ldlen);
            _il.Emit(OpCodes.Bge_Un, failed);
        }

        _behindGuards = true;
        CompileTo(span.End);
        _behindGuards = false;
        return true;
    }

    /// <summary>Where a failing span goes on, every access with its own check, up to its trap.</summary>
    private Label CopyOf(Span span)
    {
        var label = _il.DefineLabel();
        var operands = _operands.ToArray();
        var free = _free.ToDictionary(entry => entry.Key, entry => entry.Value.ToArray());
        _stubs.Add(() =>
        {
            _il.MarkLabel(label);
            (_operands, _at, _clean) = ([.. operands], span.Start, operands.Length);
            _pending.Clear();
            _free.Clear();
            foreach (var (type, variables) in free)
                _free[type] = new Stack<LocalBuilder>(variables);
            CompileTo(span.End);
            _il.Emit(OpCodes.Br, ThrowLabel(Members.MemoryOutOfBounds));
        });
        return label;
    }

    /// <summary>Compiles straight code up to an instruction, and stands before that.</summary>
    private void CompileTo(int end)
    {
        for (; _at < end; _at++)
            Compile(_code.Instructions[_at]);
        _at = end - 1;
    }
}
