// The limits of the write side: how much at once, how often, how long. Every queue, batch and retry of Wolverine that
// this host runs is bounded by a name that stands here.
namespace EventSourced.Host.Messaging;

/// <summary>The bounds of Marten and Wolverine in this host.</summary>
public static class WriteSideLimits
{
    /// <summary>Connections to the database.</summary>
    public const int Connections = 20;

    /// <summary>Messages of one queue that are handled at once.</summary>
    public const int Parallel = 4;

    /// <summary>Messages in a queue's memory from which on the rest waits in the database.</summary>
    public const int Buffered = 1000;

    /// <summary>Messages in a queue's memory under which the rest comes from the database again.</summary>
    public const int BufferedAgain = 500;

    /// <summary>Messages that one look at the database takes over.</summary>
    public const int Recovered = 100;

    /// <summary>Messages of one queue of the broker that a process may have without having written them down.</summary>
    public const ushort Prefetched = 100;

    /// <summary>How often broker and process show each other that they live.</summary>
    public static readonly TimeSpan BrokerHeartbeat = TimeSpan.FromSeconds(5);

    /// <summary>The pause before a broker that is away is tried again.</summary>
    public static readonly TimeSpan BrokerPause = TimeSpan.FromSeconds(1);

    /// <summary>The longest that one message may take.</summary>
    public static readonly TimeSpan Execution = TimeSpan.FromSeconds(60);

    /// <summary>The pauses before a message that failed is tried again at once.</summary>
    public static readonly TimeSpan[] Retries =
        [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    /// <summary>The pauses after that, scheduled durably; a message that fails still is a dead letter.</summary>
    public static readonly TimeSpan[] LateRetries = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)];

    /// <summary>How often due messages are looked for.</summary>
    public static readonly TimeSpan SchedulePoll = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a node shows that it lives.</summary>
    public static readonly TimeSpan HealthCheck = TimeSpan.FromMilliseconds(750);

    /// <summary>After how long without a sign a node counts as dead.</summary>
    public static readonly TimeSpan StaleNode = TimeSpan.FromSeconds(3);

    /// <summary>How many looks in a row must find a node dead.</summary>
    public const int StaleLooks = 1;

    /// <summary>How often messages of nodes that are gone are looked for.</summary>
    public static readonly TimeSpan OrphanSweep = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest from a node's death until another one takes its messages: one look to lead where the dead one led,
    /// one to find it dead, which gives its messages free, and a poll that takes them.
    /// </summary>
    public static readonly TimeSpan Takeover = StaleNode + 2 * HealthCheck + SchedulePoll;

    /// <summary>How long an outgoing message may wait before another node may send it.</summary>
    public static readonly TimeSpan StaleOutgoing = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long an incoming message may stay with a living node before another may take it: longer than all pauses
    /// and executions of its tries together.
    /// </summary>
    public static readonly TimeSpan StaleIncoming = TimeSpan.FromMinutes(10);

    /// <summary>How long handled messages are kept, so that one that comes again is known.</summary>
    public static readonly TimeSpan KeepHandled = TimeSpan.FromMinutes(5);

    /// <summary>How long the messages in work may take to end when the process is told to stop.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    /// <summary>How often the figures of the queues are read.</summary>
    public static readonly TimeSpan Figures = TimeSpan.FromSeconds(5);
}
