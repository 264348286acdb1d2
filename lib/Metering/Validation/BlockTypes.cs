// Block types (specification 3.2.2). Enters: the immediate of block, loop or if. Leaves: the function type it stands
// for. Always holds: the short forms share one instance per kind.
using EventSourced.Metering.Binary;

namespace EventSourced.Metering.Validation;

internal static class BlockTypes
{
    private static readonly FunctionType Empty = new([], []);

    private static readonly Dictionary<ValueKind, FunctionType> Single =
        Enum.GetValues<ValueKind>().ToDictionary(kind => kind, kind => new FunctionType([], [kind]));

    public static FunctionType Of(ModuleDefinition module, long immediate)
    {
        if (immediate >= 0)
        {
            return immediate < module.Types.Count
                ? module.Types[(int)immediate]
                : throw new WasmException(WasmErrorKind.Invalid, $"unknown type {immediate}");
        }

        if (immediate == -0x40)
            return Empty;
        return Single[(ValueKind)(-immediate)];
    }
}
