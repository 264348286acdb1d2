// Why a contract refused. Enters: the compiled ABIs of contracts; revert data from a node. Leaves: the custom error's
// name with its arguments. Always holds: the data comes from outside, so the strict decoder of lib/Ethereum reads it.
using EventSourced.Ethereum.Abi;

namespace EventSourced.Chain.Sending;

/// <summary>A custom error and its arguments.</summary>
public sealed record Refusal(string Name, IReadOnlyList<AbiValue> Arguments)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}({string.Join(", ", Arguments)})";
}

/// <summary>The errors that some contracts know.</summary>
public sealed class Refusals(IEnumerable<AbiSignature> abi)
{
    private readonly AbiError[] _errors =
        [.. abi.OfType<AbiError>().DistinctBy(error => error.Canonical), AbiError.Reason, AbiError.Panic];

    /// <summary>
    /// The error in the data; null when no contract declares it, or when the data is no encoding of it.
    /// </summary>
    public Refusal? Read(ReadOnlySpan<byte> data)
    {
        foreach (var error in _errors)
        {
            try
            {
                if (error.TryDecode(data, out var arguments)) return new Refusal(error.Name, arguments);
            }
            catch (AbiException)
            {
                return null;
            }
        }

        return null;
    }
}
