// The .NET signature of compiled functions. Enters: a function type. Leaves: (Instance, int depth, parameters...) ->
// first result or void. Always holds: one function type has one signature, so that a code pointer can be called by
// type alone.
namespace EventSourced.Wasm.Compile;

internal static class Signatures
{
    public static Type Result(FunctionType type) =>
        type.ResultKinds is [var first, ..] ? first.ClrType() : typeof(void);

    public static Type[] Parameters(FunctionType type)
    {
        var kinds = type.ParameterKinds;
        var types = new Type[2 + kinds.Length];
        types[0] = typeof(Instance);
        types[1] = typeof(int);
        for (var i = 0; i < kinds.Length; i++)
            types[2 + i] = kinds[i].ClrType();
        return types;
    }
}
