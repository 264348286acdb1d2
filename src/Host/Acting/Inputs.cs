// The texts that people type. Enters: texts. Leaves: numbers, amounts and hashes. Always holds: an amount of credits is
// exact; a text that is no number is refused with its place.
using System.CommandLine;
using System.Globalization;
using EventSourced.Ethereum;

namespace EventSourced.Host.Acting;

/// <summary>Reads inputs.</summary>
internal static class Inputs
{
    private const int Decimals = 18;
    private const int MostFile = 64 << 20;

    /// <summary>A required option.</summary>
    public static Option<string> Needed(string name, string description) =>
        new(name) { Description = description, Required = true };

    /// <summary>An option with a default value.</summary>
    public static Option<string> Usual(string name, string usual, string description) =>
        new(name) { Description = $"{description} (usually {usual})", DefaultValueFactory = _ => usual };

    /// <summary>A whole number.</summary>
    public static UInt256 Number(this ParseResult parsed, Option<string> option)
    {
        var text = parsed.GetValue(option)!;
        return text.All(char.IsAsciiDigit) && UInt256.TryParse(text, null, out var number)
            ? number
            : throw new FormatException($"{option.Name}: expected a whole number, found '{text}'");
    }

    /// <summary>A small whole number.</summary>
    public static ulong Count(this ParseResult parsed, Option<string> option) =>
        parsed.Number(option).TryToUInt64(out var count)
            ? count
            : throw new FormatException($"{option.Name}: expected a number of at most 64 bits, found a larger one");

    /// <summary>An amount of credits as <c>12.5</c>, in the smallest unit of the credit.</summary>
    public static UInt256 Credits(this ParseResult parsed, Option<string> option)
    {
        var text = parsed.GetValue(option)!;
        var parts = text.Split('.');
        var fraction = parts.Length == 2 ? parts[1] : "";
        if (parts.Length <= 2 && parts[0].Length > 0 && (parts.Length == 1 || fraction.Length is > 0 and <= Decimals)
            && parts.All(part => part.All(char.IsAsciiDigit))
            && UInt256.TryParse($"{parts[0]}{fraction.PadRight(Decimals, '0')}", null, out var amount)) return amount;
        throw new FormatException($"{option.Name}: expected credits as 12.5, found '{text}'");
    }

    /// <summary>The hash of a file's content.</summary>
    public static async Task<Hash32> HashAsync(string path, CancellationToken cancellation)
    {
        if (new FileInfo(path).Length > MostFile)
            throw new FormatException($"{path}: expected a file of at most {MostFile} bytes, found more");
        return Keccak256.Hash(await File.ReadAllBytesAsync(path, cancellation).ConfigureAwait(false));
    }

    /// <summary>An amount of credits, written for people.</summary>
    public static string Credits(string smallest)
    {
        var digits = smallest.PadLeft(Decimals + 1, '0');
        var fraction = digits[^Decimals..].TrimEnd('0');
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{digits[..^Decimals]}{(fraction.Length > 0 ? "." : "")}{fraction} credits");
    }
}
