// The settings of the commands, checked. Enters: the layers. Leaves: values, or complaints in the layers.
using System.Net;
using EventSourced.Api.Commands;
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Mcp;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Decode;

namespace EventSourced.Host.Settings;

/// <summary>The terms on which commands are accepted.</summary>
/// <param name="Allowed">The identities whose commands are accepted; none: everybody's are.</param>
/// <param name="Trusted">The networks without a rate limit.</param>
public sealed record CommandSettings(IReadOnlyList<Address> Allowed, IReadOnlyList<IPNetwork> Trusted)
{
    /// <summary>The operator's policies; null: none.</summary>
    public PolicySettings? Policies { get; init; }

    internal static CommandSettings Read(Layers layers) => new(
        [.. Each(layers, Setting.CommandsAllow, "an address: 0x and 40 digits",
            text => Address.TryParse(text, null, out var address) ? address : (Address?)null)],
        [.. Each(layers, Setting.CommandsTrust, "a network, as 10.0.0.0/8",
            text => IPNetwork.TryParse(text, out var network) ? network : (IPNetwork?)null)])
    {
        Policies = PolicySettings.Read(layers),
    };

    /// <summary>The options of the commands on a deployment.</summary>
    internal CommandOptions Over(
        Deployment deployment, HttpRpc rpc, GraphQuery? query, Action<Exception> onFault) => new(
        new Economy(deployment.ChainId, deployment.Contracts.ToDictionary(pair => $"{pair.Key}", pair => pair.Value)),
            rpc)
        {
            Allowed = [.. Allowed],
            Trusted = Trusted,
            Query = query,
            OnFault = onFault,
        };

    private static IEnumerable<T> Each<T>(Layers layers, Setting setting, string expected, Func<string, T?> read)
        where T : struct
    {
        if (layers.Find(setting) is not { } given) yield break;
        foreach (var text in given.Values)
        {
            if (read(text) is { } value) yield return value;
            else layers.Complain(setting, expected, $"'{text}'", given.Where);
        }
    }
}
