// The plan of a function before it is rewritten: fuel by region, and whether it loops or calls. Enters: validated
// instructions. Leaves: the charge at the head of each region. Always holds: a region is paid at its head before any of
// it runs, and its head dominates it, so that nothing runs unpaid; a part that an early exit skips stays paid. Regions
// are part of the price list: stable for ever.
using EventSourced.Metering.Binary;

namespace EventSourced.Metering.Rewriting;

internal sealed class FuelPlan
{
    private readonly List<Frame> _frames = [];
    private long[] _charges = [];
    private int _region;
    private bool _live;
    private bool _bulk;

    /// <summary>
    /// A block: the region around it, whether its end can be reached, and whether a branch targets it.
    /// </summary>
    private record struct Frame(Opcode Opcode, int Outer, bool Entered, bool Targeted, bool ThenFalls, int Head);

    public bool HasLoop { get; private set; }

    public bool HasCall { get; private set; }

    /// <summary>The fuel to take when the function begins.</summary>
    public long EntryCharge => _charges[^1];

    /// <summary>The fuel to take right behind the instruction at an index: zero where no region begins.</summary>
    public long ChargeAt(int instruction) => _charges[instruction];

    /// <summary>Whether it takes fuel anywhere: a small leaf does not, its caller's price covers it.</summary>
    public bool TakesFuel { get; private set; }

    public void Prepare(FunctionCode code, int locals)
    {
        var count = code.Instructions.Count;
        // The last cell is the function's own region.
        _charges = new long[count + 1];
        _region = count;
        _charges[count] = Prices.Frame(locals);
        _live = true;
        (HasLoop, HasCall, _bulk, TakesFuel) = (false, false, false, true);
        _frames.Clear();
        _frames.Add(new Frame(Opcode.Block, _region, true, false, false, count));
        for (var i = 0; i < count; i++)
            Visit(code, i);
        // The caller's price of the call covers it.
        if (HasLoop || HasCall || _bulk || _charges.Sum() > Prices.Call)
            return;
        Array.Clear(_charges);
        TakesFuel = false;
    }

    private void Visit(FunctionCode code, int at)
    {
        var instruction = code.Instructions[at];
        var opcode = instruction.Opcode;
        if (_live)
        {
            _charges[_region] += Prices.Of(opcode);
            Note(opcode);
        }

        switch (opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.If:
                _frames.Add(new Frame(opcode, _region, _live, false, false, at));
                if (opcode != Opcode.Block && _live)
                    _region = at;
                break;
            case Opcode.Else:
                var frame = _frames[^1];
                FoldArm(frame);
                _frames[^1] = frame with { Opcode = Opcode.Else, ThenFalls = _live, Head = at };
                _live = frame.Entered;
                _region = _live ? at : _region;
                break;
            case Opcode.End:
                Leave(at);
                break;
            case Opcode.Br or Opcode.BrIf when _live:
                Target(instruction.A);
                _live = opcode == Opcode.BrIf;
                break;
            case Opcode.BrTable when _live:
                for (var i = 0; i <= instruction.B; i++)
                    Target(code.Targets[instruction.Index + i]);

                _live = false;
                break;
            case Opcode.Return or Opcode.Unreachable:
                _live = false;
                break;
        }
    }

    private void Target(uint depth)
    {
        var index = _frames.Count - 1 - (int)depth;
        _frames[index] = _frames[index] with { Targeted = true };
    }

    private void Leave(int at)
    {
        var frame = _frames[^1];
        _frames.RemoveAt(_frames.Count - 1);
        var falls = _live;
        switch (frame.Opcode)
        {
            case Opcode.Loop:
                // Behind a loop the region around it goes on: its head paid for that.
                _region = frame.Outer;
                break;
            case Opcode.If or Opcode.Else:
                FoldArm(frame);
                var skips = frame.Opcode == Opcode.If;
                _live = frame.Entered && (falls || frame.Targeted || frame.ThenFalls || skips);
                _region = frame.Outer;
                break;
            default:
                _live = frame.Entered && (falls || frame.Targeted);
                // Reached only by branches, or by branches from another region: a region of its own.
                if (_live && (!falls || (frame.Targeted && _region != frame.Outer)))
                    _region = at;
                break;
        }
    }

    /// <summary>
    /// A small arm is paid with the region around it: a charge of its own would cost more than the arm.
    /// </summary>
    private void FoldArm(Frame frame)
    {
        if (!frame.Entered || _charges[frame.Head] > Prices.SmallArm)
            return;
        _charges[frame.Outer] += _charges[frame.Head];
        _charges[frame.Head] = 0;
    }

    private void Note(Opcode opcode)
    {
        HasLoop |= opcode == Opcode.Loop;
        HasCall |= opcode is Opcode.Call or Opcode.CallIndirect;
        _bulk |= opcode is Opcode.MemoryGrow or (>= Opcode.MemoryInit and <= Opcode.TableFill);
    }
}
