// One contract as callers see it: the functions that change state, the errors with which it refuses, and whether it
// takes requests from the forwarder. Enters: declarations that tools/EventGenerator wrote. Leaves: signatures of
// lib/Ethereum, read once and when first asked.
using EventSourced.Ethereum.Abi;

namespace EventSourced.Chain.Contracts;

/// <summary>The functions and errors that a contract understands.</summary>
public sealed class ContractInterface(
    string name, bool takesForwarded, IReadOnlyList<string> functions, IReadOnlyList<string> errors)
{
    private readonly Lazy<IReadOnlyList<AbiFunction>> _functions = new(() => [.. functions.Select(AbiFunction.Parse)]);
    private readonly Lazy<IReadOnlyList<AbiError>> _errors = new(() => [.. errors.Select(AbiError.Parse)]);

    /// <summary>Its name: <c>TaskMarket</c>.</summary>
    public string Name => name;

    /// <summary>Whether the contract reads its caller from the address that the forwarder appends (ERC-2771).</summary>
    public bool TakesForwarded => takesForwarded;

    /// <summary>The functions that change state.</summary>
    public IReadOnlyList<AbiFunction> Functions => _functions.Value;

    /// <summary>The errors with which it refuses.</summary>
    public IReadOnlyList<AbiError> Errors => _errors.Value;

    /// <summary>
    /// The function of a name, or of a whole signature <c>name(type,type)</c> when the name has several.
    /// </summary>
    public AbiFunction Function(string word)
    {
        var found = Functions.Where(function => function.Name == word || function.Canonical == word).ToArray();
        return found.Length == 1
            ? found[0]
            : throw new ArgumentException(
                $"expected one function {word} of {name}, found {found.Length}: {string.Join("; ", found.Select(one => one.Canonical))}",
                nameof(word));
    }
}
