// Rewrites one body. Enters: its bytes and plan. Leaves: the body with its meter. Always holds: the guest's
// instructions stay as they are, byte by byte, but for 'return'; they run inside two blocks of the meter: the inner
// one ends where the function returns, the outer one where it stops. So branches keep their depths, and the code that
// stops lies behind everything else. How fuel is taken is in FunctionRewriter.Fuel.cs.
using EventSourced.Metering.Binary;

namespace EventSourced.Metering.Rewriting;

internal sealed partial class FunctionRewriter(
    ModuleDefinition module, IndexSpaces spaces, BodyPlan[] plans, AddedTypes types)
{
    private readonly ByteWriter _body = new();
    private readonly ByteWriter _code = new();
    private readonly List<(ValueKind Kind, uint Index)> _added = [];
    private readonly List<int> _unlikely = [];
    private BodyPlan _plan = null!;
    private uint _locals;

    /// <summary>Blocks of the guest that are open; the meter's two are around them.</summary>
    private uint _nesting;

    /// <summary>
    /// Branch hints (the proposal's custom section) of the functions so far: engines that know them lay code that
    /// hardly ever runs aside.
    /// </summary>
    public ByteWriter Hints { get; } = new();

    public uint HintCount { get; private set; }

    private uint FuelGlobal => (uint)spaces.Globals.Count;

    private uint DepthGlobal => FuelGlobal + 1;

    private uint PagesGlobal => FuelGlobal + 2;

    private uint ElementsGlobal => FuelGlobal + 3;

    public ReadOnlySpan<byte> Rewrite(int index)
    {
        _plan = plans[index];
        var body = module.Bodies[index];
        var type = spaces.FunctionTypes[spaces.ImportedFunctions + index];
        _locals = (uint)(type.ParameterKinds.Length + body.Locals.Sum(group => group.Count));
        _added.Clear();
        _unlikely.Clear();
        _code.Clear();
        if (_plan.Fuel.TakesFuel || _plan.TakesDepth)
            WriteMetered(type);
        else
            WriteInstructions();
        _body.Clear();
        WriteLocals(body);
        WriteHints(spaces.ImportedFunctions + index, _body.Length);
        return _body.Raw(_code.Span).Span;
    }

    private void WriteMetered(FunctionType type)
    {
        _code.Byte((byte)Opcode.Block).Byte(0x40);
        Enter();
        _code.Byte((byte)Opcode.Block);
        types.Block(_code, type);
        WriteInstructions();
        Leave();
        Op(Opcode.Return);
        Op(Opcode.End);
        SaveFuel();
        Op(Opcode.Unreachable);
        Op(Opcode.End);
    }

    private void WriteInstructions()
    {
        var (code, canonical) = (_plan.Code, _plan.Canonical);
        _nesting = 0;
        for (var i = 0; i < code.Instructions.Count; i++)
        {
            var instruction = code.Instructions[i];
            WriteInstruction(
                instruction, module.Bytes.AsSpan(code.Positions[i], code.Positions[i + 1] - code.Positions[i]));
            if (canonical[i] != Validation.Nans.Seen)
                MakeCanonical(canonical[i]);
            if (_plan.Fuel.ChargeAt(i) is > 0 and var units)
                Charge(units);
        }
    }

    // A body that takes no fuel holds bulk work only where it is never reached.
    private void WriteInstruction(Instruction instruction, ReadOnlySpan<byte> bytes)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.If:
                _nesting++;
                break;
            case Opcode.End:
                _nesting--;
                break;
            case Opcode.Return when _plan.KeepsFuel || _plan.TakesDepth:
                _code.Byte((byte)Opcode.Br).U32(_nesting);
                return;
            case Opcode.Call when _plan.KeepsFuel && TakesFuel(instruction.A):
            case Opcode.CallIndirect when _plan.KeepsFuel:
                SaveFuel();
                _code.Raw(bytes);
                LoadFuel();
                return;
            case Opcode.MemoryGrow when _plan.Fuel.TakesFuel:
                GrowMemory(bytes);
                return;
            case Opcode.TableGrow when _plan.Fuel.TakesFuel:
                GrowTable(instruction.A, bytes);
                return;
            case Opcode.MemoryCopy or Opcode.MemoryFill or Opcode.MemoryInit when _plan.Fuel.TakesFuel:
                PayLength(Prices.BytesShift);
                break;
            case Opcode.TableCopy or Opcode.TableFill or Opcode.TableInit when _plan.Fuel.TakesFuel:
                PayLength(Prices.ElementsShift);
                break;
        }

        _code.Raw(bytes);
    }

    private bool TakesFuel(uint function) =>
        function < spaces.ImportedFunctions || plans[function - spaces.ImportedFunctions].Fuel.TakesFuel;

    /// <summary>A local of the meter's own; each kind once, by its use.</summary>
    private uint Local(ValueKind kind, int use = 0)
    {
        var seen = 0;
        foreach (var (known, index) in _added)
        {
            if (known == kind && seen++ == use)
                return index;
        }

        _added.Add((kind, _locals + (uint)_added.Count));
        return _added[^1].Index;
    }

    private void WriteLocals(FunctionBody body)
    {
        _body.U32((uint)(body.Locals.Length + _added.Count));
        foreach (var group in body.Locals)
            _body.U32(group.Count).Byte((byte)group.Kind);
        foreach (var (kind, _) in _added)
            _body.U32(1).Byte((byte)kind);
    }

    private void WriteHints(int function, int before)
    {
        if (_unlikely.Count == 0)
            return;
        HintCount++;
        Hints.U32((uint)function).U32((uint)_unlikely.Count);
        foreach (var at in _unlikely)
            Hints.U32((uint)(before + at)).U32(1).Byte(0);
    }

    private ByteWriter Op(Opcode opcode) => _code.Byte((byte)opcode);

    private void Get(uint local) => Op(Opcode.LocalGet).U32(local);

    private void Set(uint local) => Op(Opcode.LocalSet).U32(local);

    private void Tee(uint local) => Op(Opcode.LocalTee).U32(local);

    private void Constant(long value) => Op(Opcode.I64Const).S64(value);

    private void MakeCanonical(Validation.Nans nans)
    {
        var kind = nans switch
        {
            Validation.Nans.F32 => ValueKind.Float32,
            Validation.Nans.F64 => ValueKind.Float64,
            _ => ValueKind.V128,
        };
        var value = Local(kind);
        Tee(value);
        if (kind == ValueKind.V128)
        {
            // Lane by lane: the value where it equals itself, else the canonical NaN.
            CanonicalNan(nans);
            Get(value);
            Get(value);
            _code.Byte(Vectors.Prefix).U32(nans == Validation.Nans.F32X4 ? 65U : 71);
            _code.Byte(Vectors.Prefix).U32(82);
            return;
        }

        // A branch that is hardly ever taken costs less than a select.
        Get(value);
        Op(nans == Validation.Nans.F32 ? Opcode.F32Ne : Opcode.F64Ne);
        Unlikely();
        Op(Opcode.If).Byte(0x40);
        CanonicalNan(nans);
        Set(value);
        Op(Opcode.End);
        Get(value);
    }

    /// <summary>Remembers that the branch which follows is hardly ever taken.</summary>
    private void Unlikely() => _unlikely.Add(_code.Length);

    private void CanonicalNan(Validation.Nans nans)
    {
        ReadOnlySpan<byte> single = [0, 0, 0xC0, 0x7F];
        ReadOnlySpan<byte> wide = [0, 0, 0, 0, 0, 0, 0xF8, 0x7F];
        switch (nans)
        {
            case Validation.Nans.F32:
                Op(Opcode.F32Const).Raw(single);
                break;
            case Validation.Nans.F64:
                Op(Opcode.F64Const).Raw(wide);
                break;
            case Validation.Nans.F32X4:
                _code.Byte(Vectors.Prefix).U32(12).Raw(single).Raw(single).Raw(single).Raw(single);
                break;
            default:
                _code.Byte(Vectors.Prefix).U32(12).Raw(wide).Raw(wide);
                break;
        }
    }
}
