// Clients who post tasks by HTTP, as anybody does. Enters: a town whose first host takes commands. Leaves: tasks in the
// journal. Always holds: each client signs its own; of many posts at once each client sends one after the other.
using System.Numerics;
using EventSourced.Chain.Encoding;
using EventSourced.Client;
using EventSourced.Economy.Tests;
using EventSourced.Ethereum;
using EventSourced.Workers.Documents;
using EventSourced.World;
using Person = EventSourced.Economy.Tests.Person;
using Tasks = EventSourced.Client.Commands.Tasks;

namespace EventSourced.BenchEconomy;

/// <summary>Posts tasks.</summary>
internal sealed class Posting : IDisposable
{
    private const ulong DaysSeconds = 10 * 86_400;
    private const ulong AuctionSeconds = 3_600;

    private readonly Town _town;
    private readonly HttpClient _http;
    private readonly EconomyClient[] _clients;
    private int _next;

    private Posting(Town town, HttpClient http)
    {
        (_town, _http) = (town, http);
        _clients = [.. town.Clients.Select(key =>
            new EconomyClient(http, Signer.Of(key), new ClientOptions { LongestLife = null }))];
    }

    internal static async Task<Posting> OpenAsync(Town town)
    {
        var http = new HttpClient { BaseAddress = await town.Host.Address };
        await EventSourced.Testing.Eventually.TrueAsync(async () =>
        {
            using var reply = await http.GetAsync(new Uri("readyz", UriKind.Relative));
            return reply.IsSuccessStatusCode;
        });
        return new Posting(town, http);
    }

    /// <summary>Posts a task for an agent, by the next client.</summary>
    internal async Task PostAsync(Person agent, Hash32 spec)
    {
        var client = _clients[(uint)Interlocked.Increment(ref _next) % _clients.Length];
        var terms = new Tasks.CreateTerms(
            Mode: 0, Verification: 1, Domain: Cast.Name("text"), MaxPrice: Cast.Credits(100),
            AgentBond: Cast.Credits(24), MinReputation: -1_000_000_000, BidWindow: AuctionSeconds, RevealWindow: 0,
            StartWindow: Town.StartWindow, DeliverWindow: Town.DeliverWindow, ReviewWindow: Town.ReviewWindow,
            ChallengeWindow: 600, LeaseTtl: 120, Grace: 30, ExpiresAt: await _town.Shore.NowAsync() + DaysSeconds,
            SpecHash: spec, SpecURI: ContentIds.Scheme + ContentIds.CidOf(spec));
        await client.SendAsync(new Tasks.Create(agent.AgentId, terms));
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
        _http.Dispose();
    }
}
