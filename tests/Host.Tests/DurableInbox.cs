// Wolverine's inbox in a database, from outside. Enters: messages. Leaves: rows as a node leaves them that stored its
// messages and died; figures. Always holds: no node is started.
using EventSourced.Host.Messaging;
using EventSourced.Workers.Pulses;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Wolverine;
using Wolverine.Persistence.Durability;

namespace EventSourced.Host.Tests;

internal sealed class DurableInbox : IAsyncDisposable
{
    private const string Incoming = WriteSide.Schema + ".wolverine_incoming_envelopes";

    private readonly ServiceProvider _services;
    private readonly NpgsqlDataSource _source;

    internal DurableInbox(string database)
    {
        var services = new ServiceCollection();
        WriteSide.Add(services, database);
        _services = services.BuildServiceProvider();
        _source = NpgsqlDataSource.Create(database);
    }

    /// <summary>Stores beats that are due now and belong to no node.</summary>
    internal async Task StoreAsync(IEnumerable<Beat> beats)
    {
        var serializer = _services.GetRequiredService<WolverineOptions>().DefaultSerializer;
        await _services.GetRequiredService<IMessageStore>().Inbox.StoreIncomingAsync(
            [.. beats.Select(beat => new Envelope(beat)
        {
            Serializer = serializer,
            ContentType = serializer.ContentType,
            Destination = new Uri($"local://{WriteSide.Pulses}/"),
            Status = EnvelopeStatus.Scheduled,
            ScheduledTime = beat.Due,
            OwnerId = 0,
        })]);
    }

    /// <summary>Leaves beats in the outbox of nobody, for RabbitMQ: the next node to look sends them.</summary>
    internal async Task SendAsync(IEnumerable<Beat> beats)
    {
        var outbox = _services.GetRequiredService<IMessageStore>().Outbox;
        var serializer = _services.GetRequiredService<WolverineOptions>().DefaultSerializer;
        foreach (var beat in beats)
            await outbox.StoreOutgoingAsync(
                new Envelope(beat)
                {
                    Serializer = serializer,
                    ContentType = serializer.ContentType,
                    Destination = Broker.AddressOf(WriteSide.Pulses),
                    Status = EnvelopeStatus.Outgoing,
                },
                0);
    }

    /// <summary>How many nodes have handled beats.</summary>
    internal Task<long> WorkersAsync() => CountAsync(
        $"select count(distinct data ->> 'Node') from {WriteSide.Schema}.mt_doc_pulse where id like '%-___'");

    /// <summary>Handled messages that came by another way than this one.</summary>
    internal Task<long> ElsewhereAsync(Uri address) => CountAsync(
        $"select count(*) from {Incoming} where status = 'Handled' and message_type = '{Beat.Stored}' and received_at <> $1",
        address.ToString());

    /// <summary>The pulses of which one beat was handled, by name.</summary>
    internal Task<long> BegunAsync(string like) => CountAsync(
        $"select count(*) from {WriteSide.Schema}.mt_doc_pulse where id like $1 and mt_version = 1", like);

    /// <summary>The messages that are due so late that only a test's beats order them.</summary>
    internal Task<long> OrderedAsync() => CountAsync(
        $"select count(*) from {Incoming} where status = 'Scheduled' and execution_time > now() + interval '1 hour'");

    internal Task<long> DeadLettersAsync() =>
        CountAsync($"select count(*) from {WriteSide.Schema}.wolverine_dead_letters");

    /// <summary>Lets dead letters be handled again, as operators do it.</summary>
    internal async Task ReplayAsync()
    {
        await using var command = _source.CreateCommand(
            $"update {WriteSide.Schema}.wolverine_dead_letters set replayable = true");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The number of a pulse's last beat.</summary>
    internal Task<long> NumberAsync(string pulse) => CountAsync(
        $"select mt_version::bigint from {WriteSide.Schema}.mt_doc_pulse where id = $1", pulse);

    internal Task<long> NodesAsync() => CountAsync($"select count(*) from {WriteSide.Schema}.wolverine_nodes");

    /// <summary>The handlers that wait for a lock in the midst of their transaction.</summary>
    internal Task<long> BlockedAsync() => CountAsync(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' "
        + $"and application_name = '{WriteSide.Application}'");

    /// <summary>The node that has the most messages in work; 0: none has any.</summary>
    internal async Task<int> BusiestAsync()
    {
        await using var command = _source.CreateCommand(
            $"select owner_id from {Incoming} where status = 'Incoming' and owner_id <> 0 group by 1 order by count(*) desc limit 1");
        return (int?)await command.ExecuteScalarAsync() ?? 0;
    }

    /// <summary>Lets no handler write a pulse until it is disposed.</summary>
    internal async Task<IAsyncDisposable> HoldAsync()
    {
        var connection = await _source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            $"begin; lock table {WriteSide.Schema}.mt_doc_pulse in share row exclusive mode", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _services.DisposeAsync();
    }

    private async Task<long> CountAsync(string query, params object[] values)
    {
        await using var command = _source.CreateCommand(query);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
