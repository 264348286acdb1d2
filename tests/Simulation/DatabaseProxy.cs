// A way to the database that fails on purpose, message by message. Enters: a cluster and a plan. Leaves: connections
// that are refused, cut before or after any message (after COMMIT too: the database has it, and the client never
// learns), and crashes, after which no byte passes any more. Always holds: what the database gets is a whole number of
// messages, as from a client that died; the plan is asked once for each message.
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace EventSourced.Simulation.Tests;

/// <summary>What happens at a moment.</summary>
public enum DatabaseFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The connection is refused.</summary>
    Refuse,

    /// <summary>The connection breaks, and the database does not get the message.</summary>
    CutBefore,

    /// <summary>The database gets the message, and the connection breaks before it can answer.</summary>
    CutAfter,

    /// <summary>The client's process dies before the message: all its connections with it.</summary>
    Crash,
}

/// <summary>Decides what meets a message; asked in the order in which messages come.</summary>
internal delegate DatabaseFault DatabasePlan(Moment moment);

/// <summary>A faulty way to a database.</summary>
internal sealed class DatabaseProxy : IAsyncDisposable
{
    private const int BufferLength = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly List<Line> _lines = [];
    private readonly int[] _counts = new int[Enum.GetValues<DatabaseFault>().Length];
    private readonly NpgsqlConnectionStringBuilder _target;
    private readonly Task _accepting;
    private CancellationTokenSource _crash = new();
    private bool _isDead;
    private DatabasePlan _plan = Calm;

    internal DatabaseProxy(string database)
    {
        _target = new NpgsqlConnectionStringBuilder(database);
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(database)
        {
            Host = IPAddress.Loopback.ToString(),
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            SslMode = SslMode.Disable,
        }.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>No fault at all.</summary>
    internal static DatabasePlan Calm { get; } = _ => DatabaseFault.None;

    /// <summary>The database by this way.</summary>
    internal string ConnectionString { get; }

    /// <summary>How often a fault happened.</summary>
    internal int CountOf(DatabaseFault fault) => Volatile.Read(ref _counts[(int)fault]);

    /// <summary>A new process behind a plan; the token is cancelled where it crashes.</summary>
    internal CancellationToken Live(DatabasePlan plan)
    {
        lock (_gate)
        {
            (_plan, _crash, _isDead) = (plan, new CancellationTokenSource(), false);
            return _crash.Token;
        }
    }

    /// <summary>All connections break, as when the process is killed.</summary>
    internal void Crash()
    {
        lock (_gate)
        {
            _isDead = true;
            foreach (var line in _lines) line.Cut();
            _ = _crash.CancelAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Line[] left;
        lock (_gate) left = [.. _lines];
        foreach (var line in left) line.Dispose();
        _end.Dispose();
    }

    private DatabaseFault Ask(Moment moment)
    {
        lock (_gate)
        {
            // Whoever hears of a crash late must not find the door open.
            if (_isDead) return DatabaseFault.Refuse;
            var fault = _plan(moment);
            if (fault != DatabaseFault.None) _counts[(int)fault]++;
            return fault;
        }
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptSocketAsync(_end.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var line = new Line(client);
        try
        {
            switch (Ask(Moment.Connect))
            {
                case DatabaseFault.None:
                    break;
                case DatabaseFault.Crash:
                    Crash();
                    return;
                default:
                    return;
            }

            lock (_gate) _lines.Add(line);
            await line.Server.ConnectAsync(_target.Host!, _target.Port, _end.Token);
            await Task.WhenAll(UpAsync(line), line.DownAsync(_end.Token));
        }
        catch (Exception broken)
            when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A connection that ended.
        }
        finally
        {
            lock (_gate) _lines.Remove(line);
        }
    }

    private async Task UpAsync(Line line)
    {
        try
        {
            await PassAsync(line);
        }
        finally
        {
            line.Cut();
        }
    }

    /// <summary>From the client to the database, message by message, until it goes or a fault meets it.</summary>
    private async Task PassAsync(Line line)
    {
        var frontend = new Frontend();
        var buffer = new byte[BufferLength];
        var (have, rest, last) = (0, 0, false);
        while (true)
        {
            var got = await line.Client.ReceiveAsync(buffer.AsMemory(have), _end.Token);
            if (got == 0) return;
            have += got;
            var at = Math.Min(rest, have);
            rest -= at;
            while (!last && rest == 0 && frontend.TryName(buffer.AsSpan(at, have - at), out var moment, out var length))
            {
                var fault = Ask(moment);
                if (fault is DatabaseFault.CutBefore or DatabaseFault.Refuse or DatabaseFault.Crash)
                {
                    await line.SendAsync(buffer.AsMemory(0, at), _end.Token);
                    if (fault == DatabaseFault.Crash) Crash();
                    return;
                }

                last = fault == DatabaseFault.CutAfter;
                if (last) line.Deafen();
                var here = Math.Min(length, have - at);
                (at, rest) = (at + here, length - here);
            }

            await line.SendAsync(buffer.AsMemory(0, at), _end.Token);
            if (last && rest == 0) return;
            buffer.AsSpan(at, have - at).CopyTo(buffer);
            have -= at;
        }
    }

    /// <summary>One connection and its way on.</summary>
    private sealed class Line(Socket client) : IDisposable
    {
        private volatile bool _deaf;

        internal Socket Client => client;

        internal Socket Server { get; } = new(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        { NoDelay = true };

        /// <summary>The client hears nothing from now on.</summary>
        internal void Deafen() => _deaf = true;

        /// <summary>
        /// The client loses the connection at once; the database reads what it was sent, and then the end.
        /// </summary>
        internal void Cut()
        {
            Deafen();
            try
            {
                client.LingerState = new LingerOption(true, 0);
                client.Close();
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // It went by itself.
            }

            try
            {
                Server.Shutdown(SocketShutdown.Send);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // It was not connected yet, or the database was faster.
            }
        }

        internal async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            while (!bytes.IsEmpty) bytes = bytes[await Server.SendAsync(bytes, cancellation)..];
        }

        /// <summary>From the database to the client, as long as that listens.</summary>
        internal async Task DownAsync(CancellationToken cancellation)
        {
            var buffer = new byte[BufferLength];
            while (await Server.ReceiveAsync(buffer.AsMemory(), cancellation) is > 0 and var got)
            {
                ReadOnlyMemory<byte> bytes = buffer.AsMemory(0, got);
                while (!bytes.IsEmpty && !_deaf)
                {
                    try
                    {
                        bytes = bytes[await client.SendAsync(bytes, cancellation)..];
                    }
                    catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
                    {
                        Deafen();
                    }
                }
            }

            // The last words of the database are to be heard.
            if (!_deaf) client.Shutdown(SocketShutdown.Send);
        }

        public void Dispose()
        {
            client.Dispose();
            Server.Dispose();
        }
    }
}
