// Makes IL of one validated function. Enters: instructions, their plan, and a method to fill. Leaves: a method with
// the signature (Instance, int depth, parameters...) -> first result. Always holds: IL touches nothing but its
// arguments, its variables, and fields of Instance, Store, Memory, Table, Global and Function; memory only behind the
// array's own check. The parts: Operands (the guest's stack), Control, Calls, Access (memory), Numeric, Variables,
// Fuel.
using System.Reflection;
using System.Reflection.Emit;
using EventSourced.Wasm.Binary;

namespace EventSourced.Wasm.Compile;

internal sealed partial class FunctionCompiler
{
    /// <summary>IL itself ends at 65,535 variables.</summary>
    private const int MostVariables = 65_000;

    /// <summary>
    /// A body within the limits makes less; only one that multiplies its operands by br_table makes more.
    /// </summary>
    private const int MostCode = 8 << 20;

    /// <summary>Arguments before the guest's parameters: the instance and the depth that is left.</summary>
    private const int HiddenArguments = 2;

    private readonly ModuleContext _module;
    private readonly bool _canonical;
    private readonly ILGenerator _il;
    private readonly FunctionCode _code;
    private readonly FunctionPlan _plan;
    private readonly FunctionType _type;
    private readonly List<ValueKind> _localKinds = [];
    private readonly List<LocalBuilder> _locals = [];
    private readonly List<Action> _stubs = [];
    private readonly int _weight;
    private LocalBuilder? _memory;
    private LocalBuilder? _fuel;
    private int _variables;
    private int _at;

    private FunctionCompiler(
        ModuleContext module,
        int function,
        ILGenerator il,
        FunctionCode code,
        FunctionPlan plan,
        GuardPlan guards,
        int height)
    {
        _module = module;
        _canonical = module.Engine.Config.NanCanonicalization;
        _il = il;
        _code = code;
        _plan = plan;
        _guards = guards;
        _type = module.Spaces.FunctionTypes[function];
        var body = module.Definition.Bodies[function - module.Spaces.ImportedFunctions];
        foreach (var kind in _type.ParameterKinds)
            _localKinds.Add(kind);
        foreach (var group in body.Locals)
        {
            for (var i = 0; i < group.Count; i++)
                _localKinds.Add(group.Kind);
        }

        plan.Prepare(code, _localKinds.Count);
        guards.Prepare(code);
        _weight = FrameWeight.Of(_localKinds.Count, height, body.End - body.Start);
    }

    public static void Compile(
        ModuleContext module,
        int function,
        MethodBuilder method,
        FunctionCode code,
        FunctionPlan plan,
        GuardPlan guards,
        int height)
    {
        var compiler = new FunctionCompiler(module, function, method.GetILGenerator(), code, plan, guards, height);
        // A rotation that a caller passes must not meet a test for zero here: see FunctionCompiler.Rotations.cs.
        if (plan.HasLoop)
            method.SetImplementationFlags(MethodImplAttributes.IL | MethodImplAttributes.NoInlining);
        compiler.Prologue();
        compiler.Body();
    }

    private void Prologue()
    {
        for (var i = _type.Parameters.Count; i < _localKinds.Count; i++)
            _locals.Add(Declare(_localKinds[i].ClrType()));
        if (_plan.UsesMemory)
            _memory = Declare(typeof(byte[]));
        if (_plan.HasLoop)
            _fuel = Declare(typeof(long));
        CheckDepth();
        LoadFuel();
        Charge(_plan.EntryCharge);
        ReloadMemory();
    }

    /// <summary>A small leaf needs no check: the caller's check leaves room for it.</summary>
    private void CheckDepth()
    {
        if (!_plan.HasCall && _weight <= FrameWeight.FreeLeaf)
            return;
        _il.Emit(OpCodes.Ldarg_1);
        EmitInt(_weight);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Starg_S, (byte)1);
        _il.Emit(OpCodes.Ldarg_1);
        EmitInt(0);
        _il.Emit(OpCodes.Blt, ThrowLabel(Members.StackOverflow));
    }

    private void Body()
    {
        _frames.Add(new Frame(Opcode.Block, _type, _il.DefineLabel(), 0));
        for (_at = 0; _at < _code.Instructions.Count; _at++)
        {
            CheckSize();
            if (_dead > 0)
                SkipDead(_code.Instructions[_at]);
            else if (!GuardedSpan())
                Compile(_code.Instructions[_at]);
        }

        // A stub may ask for another one, so the list grows while it is walked.
        for (var i = 0; i < _stubs.Count; i++)
            _stubs[i]();
    }

    private void CheckSize()
    {
        if (_il.ILOffset > MostCode)
        {
            throw new WasmException(
                WasmErrorKind.Limit, $"expected a function of at most {MostCode} bytes of IL, found more");
        }
    }

    private void Compile(Instruction instruction)
    {
        var opcode = instruction.Opcode;
        switch (opcode)
        {
            case Opcode.Nop:
                break;
            case >= Opcode.I32Const and <= Opcode.F64Const:
                PushConstant((ValueKind)((int)ValueKind.Int32 - (opcode - Opcode.I32Const)), instruction.B);
                break;
            case >= Opcode.I32Eqz and <= Opcode.F64Ge:
                Comparison(opcode);
                break;
            case >= Opcode.I32Clz and <= Opcode.I64Extend32S:
            case >= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U:
                Numeric(opcode);
                break;
            case >= Opcode.I32Load and <= Opcode.I64Load32U:
                MemoryLoad(opcode, (uint)instruction.B);
                break;
            case >= Opcode.I32Store and <= Opcode.I64Store32:
                MemoryStore(opcode, (uint)instruction.B);
                break;
            case <= Opcode.Return:
                Control(instruction);
                break;
            case Opcode.Call:
                Call(instruction.Index);
                break;
            case Opcode.CallIndirect:
                CallIndirect(_module.Definition.Types[instruction.Index], (int)instruction.B);
                break;
            case >= Opcode.LocalGet and <= Opcode.GlobalSet:
            case Opcode.Drop or Opcode.Select or Opcode.SelectTyped:
            case Opcode.RefNull or Opcode.RefIsNull or Opcode.RefFunc:
                Variable(instruction);
                break;
            case Opcode.TableGet or Opcode.TableSet:
            case >= Opcode.TableInit and <= Opcode.TableFill:
                TableInstruction(instruction);
                break;
            default:
                MemoryInstruction(instruction);
                break;
        }
    }

    /// <summary>A label that throws; code jumps there with nothing on IL's stack.</summary>
    private Label ThrowLabel(MethodInfo trap)
    {
        if (_throws.TryGetValue(trap, out var known))
            return known;
        var label = _il.DefineLabel();
        _throws[trap] = label;
        _stubs.Add(() =>
        {
            _il.MarkLabel(label);
            _il.Emit(OpCodes.Call, trap);
            _il.Emit(OpCodes.Throw);
        });
        return label;
    }

    private readonly Dictionary<MethodInfo, Label> _throws = [];
}
