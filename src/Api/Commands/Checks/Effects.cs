// What a command will change, in words. Enters: the sentence of the table and the arguments. Leaves: a sentence for
// people. Always holds: amounts are shown in credits and moments as dates; a text of a client is cut and has no control
// characters.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Domain.Values;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Api.Commands.Checks;

/// <summary>Fills sentences.</summary>
internal static partial class Effects
{
    private const int Decimals = 18;

    /// <summary>The sentence of a command with its arguments in it.</summary>
    public static string Of(CommandEntry entry, Wish wish) => Hole().Replace(entry.Effect, hole =>
    {
        var value = wish[hole.Groups["path"].Value];
        return hole.Groups["as"].Value switch
        {
            "credits" => Credits(value.AsUInt256()),
            "time" => Time(value.AsUInt256()),
            _ => value is AbiValue.Text text ? Problem.Shown(text.Value) : value.ToString()!,
        };
    });

    private static string Credits(Ethereum.UInt256 amount)
    {
        var digits = amount.ToString().PadLeft(Decimals + 1, '0');
        var fraction = digits[^Decimals..].TrimEnd('0');
        var text = new StringBuilder(digits[..^Decimals]);
        if (fraction.Length > 0) text.Append('.').Append(fraction);
        return text.Append(" credits").ToString();
    }

    private static string Time(Ethereum.UInt256 seconds) => seconds.TryToUInt64(out var number)
        ? DateTimeOffset.FromUnixTimeSeconds(
            new Instant(number).Seconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
        : "never";

    [GeneratedRegex(@"\{(?<path>[A-Za-z0-9.]+)(:(?<as>[a-z]+))?\}")]
    private static partial Regex Hole();
}
