// Types that rewritten bodies need and the module has not. Enters: results of a body. Leaves: a block type as the
// binary format writes it. Always holds: each type is added once.
using EventSourced.Metering.Binary;

namespace EventSourced.Metering.Rewriting;

internal sealed class AddedTypes(ModuleDefinition module)
{
    private readonly Dictionary<FunctionType, uint> _indices = [];
    private readonly ByteWriter _bytes = new();

    public int Count => _indices.Count;

    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>Writes the type of a block that takes nothing and gives these results.</summary>
    public void Block(ByteWriter code, FunctionType function)
    {
        var results = function.ResultKinds;
        if (results.Length <= 1)
        {
            code.Byte(results.Length == 0 ? (byte)0x40 : (byte)results[0]);
            return;
        }

        code.S64(function.ParameterKinds.Length == 0 ? module.Types.IndexOf(function) : IndexOf(new([], results)));
    }

    private uint IndexOf(FunctionType type)
    {
        if (_indices.TryGetValue(type, out var known))
            return known;
        var index = (uint)(module.Types.Count + _indices.Count);
        _indices.Add(type, index);
        _bytes.Byte(0x60).Byte(0).U32((uint)type.ResultKinds.Length);
        foreach (var kind in type.ResultKinds)
            _bytes.Byte((byte)kind);
        return index;
    }
}
