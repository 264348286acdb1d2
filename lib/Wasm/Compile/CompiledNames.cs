// How compiled functions are named, so that a .NET stack trace can be read back as a WebAssembly one. Enters: module
// names, function indices and names. Leaves: names of dynamic types and methods, and frames from them. Always holds:
// writing and reading are inverse.
using System.Globalization;

namespace EventSourced.Wasm.Compile;

internal static class CompiledNames
{
    public const string AssemblyName = "EventSourced.Wasm.Compiled";
    private const string TypePrefix = "wasm:";

    public static string OfType(string moduleName) =>
        TypePrefix + string.Concat(moduleName.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));

    public static string OfFunction(int index, string? name) =>
        name is null ? index.ToString(CultureInfo.InvariantCulture) : $"{index}:{name.Replace('\0', '?')}";

    public static bool TryRead(Type type, string method, out TrapFrame frame)
    {
        frame = null!;
        if (type.Assembly.GetName().Name != AssemblyName
            || !type.FullName!.StartsWith(TypePrefix, StringComparison.Ordinal))
            return false;
        var colon = method.IndexOf(':', StringComparison.Ordinal);
        var number = colon < 0 ? method : method[..colon];
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return false;
        frame = new TrapFrame(
            type.FullName[TypePrefix.Length..], index, colon < 0 ? null : method[(colon + 1)..]);
        return true;
    }
}
