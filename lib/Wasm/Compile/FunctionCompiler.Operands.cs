// The guest's operand stack while code is made. Enters: operands pushed and popped by instructions. Leaves: IL that
// has them in order where they are used. Always holds: what is on IL's stack is exactly the operands OnStack, in
// order.
using System.Reflection.Emit;

namespace EventSourced.Wasm.Compile;

internal sealed partial class FunctionCompiler
{
    /// <summary>Deeper expressions are cut into statements: the JIT walks them recursively.</summary>
    private const int DeepestExpression = 100;

    /// <summary>More than these are loaded at once, so that setting a local never searches long.</summary>
    private const int MostPendingLocals = 64;

    private List<Operand> _operands = [];
    private readonly List<int> _pending = [];
    private readonly Dictionary<Type, Stack<LocalBuilder>> _free = [];
    private int _loadedDepth;

    /// <summary>Operands below this index are known not to be on IL's stack.</summary>
    private int _clean;

    private void Push(Operand operand)
    {
        if (operand.Place == Place.Local)
        {
            if (_pending.Count == MostPendingLocals)
            {
                Emit(operand);
                operand = operand with { Place = Place.OnStack };
            }
            else
                _pending.Add(_operands.Count);
        }

        _operands.Add(operand);
    }

    private void PushConstant(ValueKind kind, long bits) => Push(new Operand(kind, Place.Constant, bits));

    /// <summary>
    /// The value that IL's stack has on top is an operand now; its expression is one deeper than what it took.
    /// </summary>
    private void PushResult(ValueKind kind, bool raw = false, uint most = uint.MaxValue)
    {
        var depth = _loadedDepth + 1;
        _loadedDepth = 0;
        Push(new Operand(kind, Place.OnStack, Depth: depth, Raw: raw && _canonical, Most: most));
        if (depth > DeepestExpression)
            Spill(_operands.Count - 1);
    }

    private LocalBuilder Take(ValueKind kind) => Take(kind.ClrType());

    private LocalBuilder Take(Type type) =>
        _free.TryGetValue(type, out var free) && free.TryPop(out var variable) ? variable : Declare(type);

    private LocalBuilder Declare(Type type)
    {
        if (++_variables > MostVariables)
        {
            throw new WasmException(
                WasmErrorKind.Limit, $"expected at most {MostVariables} variables in a function, found one more");
        }

        return _il.DeclareLocal(type);
    }

    private void Free(LocalBuilder variable)
    {
        if (!_free.TryGetValue(variable.LocalType, out var free))
            _free[variable.LocalType] = free = new Stack<LocalBuilder>();
        free.Push(variable);
    }

    private void Free(in Operand operand)
    {
        if (operand.Place == Place.Variable)
            Free(operand.Variable!);
    }

    /// <summary>
    /// Takes the top operands off the guest's stack and has them in order on IL's. <paramref name="raw"/> says that
    /// NaNs need not be canonical: the instruction makes a canonical result of any.
    /// </summary>
    private void Load(int count, bool raw = false)
    {
        var first = _operands.Count - count;
        var inPlace = first;
        while (inPlace < _operands.Count && _operands[inPlace].Place == Place.OnStack)
            inPlace++;
        var mustMove = false;
        for (var i = inPlace; i < _operands.Count; i++)
            mustMove |= _operands[i].Place == Place.OnStack;
        if (!raw)
        {
            // Only the top of IL's stack can be made canonical where it is.
            for (var i = first; i < inPlace; i++)
                mustMove |= _operands[i].Raw && i < inPlace - 1;
        }

        _loadedDepth = 0;
        for (var i = first; i < _operands.Count; i++)
            _loadedDepth = Math.Max(_loadedDepth, _operands[i].Depth);
        if (mustMove)
        {
            var keep = raw ? inPlace : first;
            for (var i = _operands.Count - 1; i >= keep; i--)
            {
                if (_operands[i].Place == Place.OnStack)
                    Spill(i, raw);
            }

            inPlace = keep;
        }
        else if (!raw && inPlace > first && _operands[inPlace - 1].Raw)
            Canonicalize(_operands[inPlace - 1].Kind);

        for (var i = inPlace; i < _operands.Count; i++)
            Emit(_operands[i]);
        for (var i = first; i < _operands.Count; i++)
            Free(_operands[i]);
        Remove(first);
    }

    /// <summary>Forgets the operands from an index on.</summary>
    private void Remove(int first)
    {
        _operands.RemoveRange(first, _operands.Count - first);
        _clean = Math.Min(_clean, first);
        while (_pending.Count > 0 && _pending[^1] >= first)
            _pending.RemoveAt(_pending.Count - 1);
    }

    /// <summary>
    /// Like <see cref="Load"/>, but what comes below on IL's stack is pushed first by <paramref name="below"/>: so no
    /// operand may be there already.
    /// </summary>
    private void LoadAbove(Action below, int count)
    {
        var first = _operands.Count - count;
        for (var i = _operands.Count - 1; i >= first; i--)
        {
            if (_operands[i].Place == Place.OnStack)
                Spill(i);
        }

        below();
        Load(count);
    }

    /// <summary>Moves the operand on top of IL's stack into a variable.</summary>
    private void Spill(int index, bool raw = false)
    {
        var operand = _operands[index];
        var variable = Take(operand.Kind);
        _il.Emit(OpCodes.Stloc, variable);
        if (operand.Raw && !raw)
            CanonicalizeVariable(variable, operand.Kind);
        _operands[index] = operand with { Place = Place.Variable, Variable = variable, Depth = 0, Raw = false };
    }

    /// <summary>Empties IL's stack: before branches, and where blocks begin.</summary>
    private void SpillAll()
    {
        for (var i = _operands.Count - 1; i >= _clean; i--)
        {
            if (_operands[i].Place == Place.OnStack)
                Spill(i);
        }

        _clean = _operands.Count;
    }

    /// <summary>Also saves pending locals: a block may set them on one way and not on another.</summary>
    private void SpillForBlock()
    {
        SpillAll();
        SavePending();
    }

    private void SavePending()
    {
        foreach (var index in _pending)
            Save(index);
        _pending.Clear();
    }

    /// <summary>Saves what is pending of a local that is about to be set.</summary>
    private void SaveLocal(int local)
    {
        for (var i = _pending.Count - 1; i >= 0; i--)
        {
            var operand = _operands[_pending[i]];
            if (operand.Place == Place.Local && operand.Bits != local)
                continue;
            Save(_pending[i]);
            _pending.RemoveAt(i);
        }
    }

    private void Save(int index)
    {
        var operand = _operands[index];
        // What was pending here may have been popped, and something else pushed in its place.
        if (operand.Place != Place.Local)
            return;
        var variable = Take(operand.Kind);
        Emit(operand);
        _il.Emit(OpCodes.Stloc, variable);
        _operands[index] = operand with { Place = Place.Variable, Variable = variable };
    }

    /// <summary>Forgets the operands above a height.</summary>
    private void Truncate(int height)
    {
        for (var i = _operands.Count - 1; i >= height; i--)
            Free(_operands[i]);
        Remove(height);
    }

    private void Emit(in Operand operand)
    {
        switch (operand.Place)
        {
            case Place.Constant:
                EmitConstant(operand.Kind, operand.Bits);
                break;
            case Place.Local:
                EmitLoadLocal((int)operand.Bits);
                break;
            case Place.Variable or Place.Shared:
                _il.Emit(OpCodes.Ldloc, operand.Variable!);
                break;
            default:
                throw new InvalidOperationException("expected an operand that can be loaded, found one on the stack");
        }
    }

    private void EmitConstant(ValueKind kind, long bits)
    {
        switch (kind)
        {
            case ValueKind.Int32:
                EmitInt((int)bits);
                break;
            case ValueKind.Int64:
                EmitLong(bits);
                break;
            case ValueKind.Float32:
                EmitSingle((uint)bits);
                break;
            case ValueKind.Float64:
                _il.Emit(OpCodes.Ldc_R8, BitConverter.Int64BitsToDouble(bits));
                break;
            default:
                _il.Emit(OpCodes.Ldnull);
                break;
        }
    }

    private void EmitInt(int value)
    {
        switch (value)
        {
            case >= -1 and <= 8:
                _il.Emit(SmallIntegers[value + 1]);
                break;
            case >= sbyte.MinValue and <= sbyte.MaxValue:
                _il.Emit(OpCodes.Ldc_I4_S, (sbyte)value);
                break;
            default:
                _il.Emit(OpCodes.Ldc_I4, value);
                break;
        }
    }

    private void EmitLong(long value)
    {
        if (value == (int)value)
        {
            EmitInt((int)value);
            _il.Emit(OpCodes.Conv_I8);
        }
        else if (value == (uint)value)
        {
            EmitInt((int)value);
            _il.Emit(OpCodes.Conv_U8);
        }
        else
            _il.Emit(OpCodes.Ldc_I8, value);
    }

    private void EmitSingle(uint bits)
    {
        const uint exponent = 0x7F80_0000, quiet = 0x0040_0000, fraction = 0x007F_FFFF;
        if ((bits & exponent) == exponent && (bits & fraction) != 0 && (bits & quiet) == 0)
        {
            // The JIT keeps f32 constants as f64, which would quiet a signalling NaN.
            EmitInt((int)bits);
            _il.Emit(OpCodes.Call, Members.SignallingNan);
            return;
        }

        _il.Emit(OpCodes.Ldc_R4, BitConverter.UInt32BitsToSingle(bits));
    }

    private static readonly OpCode[] SmallIntegers =
    [
        OpCodes.Ldc_I4_M1, OpCodes.Ldc_I4_0, OpCodes.Ldc_I4_1, OpCodes.Ldc_I4_2, OpCodes.Ldc_I4_3, OpCodes.Ldc_I4_4,
        OpCodes.Ldc_I4_5, OpCodes.Ldc_I4_6, OpCodes.Ldc_I4_7, OpCodes.Ldc_I4_8,
    ];
}
