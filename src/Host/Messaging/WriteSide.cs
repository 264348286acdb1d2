// The write side: Marten and Wolverine in one PostgreSQL schema, beside the chain's streams and never in them. Enters:
// a database. Leaves: services, and the parts to start. Always holds: documents, journal, inbox and outbox commit in
// one transaction; the code around the handlers is generated before the build, so nothing is compiled at the start.
using EventSourced.Commands;
using EventSourced.Workers.Keeping;
using EventSourced.Workers.Pulses;
using EventSourced.Workers.Webhooks;
using JasperFx;
using JasperFx.CodeGeneration;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Marten;
using Wolverine.Transports;

namespace EventSourced.Host.Messaging;

/// <summary>Composes Marten and Wolverine.</summary>
public static class WriteSide
{
    /// <summary>The schema of everything that commands and workers write. Stored; never rename.</summary>
    public const string Schema = CommandTables.Schema;

    /// <summary>The name of the write side's connections in PostgreSQL.</summary>
    public const string Application = "eventsourced-workers";

    /// <summary>The name of the service in Wolverine's meters and nodes. Stored; never rename.</summary>
    public const string ServiceName = "eventsourced";

    /// <summary>The queue of beats. Stored with each message; never rename.</summary>
    public const string Pulses = "pulses";

    /// <summary>The queue of calls to webhooks. Stored with each message; never rename.</summary>
    public const string Deliveries = "webhooks";

    /// <summary>The queue of duties of keepers. Stored with each message; never rename.</summary>
    public const string Duties = "duties";

    /// <summary>The meters of Marten and Wolverine.</summary>
    public static readonly IReadOnlyList<string> Meters = ["Wolverine:" + ServiceName, "Marten"];

    /// <summary>The trace sources of Marten and Wolverine.</summary>
    public static readonly IReadOnlyList<string> Sources = ["Wolverine", "Marten"];

    /// <summary>Adds the services.</summary>
    /// <param name="services">The collection that takes the services.</param>
    /// <param name="database">A connection string.</param>
    /// <param name="more">Further options of Wolverine that a caller needs.</param>
    /// <param name="broker">The RabbitMQ that carries the messages; null: they stay in their process.</param>
    /// <returns>
    /// The parts to start, in this order. They are not among the services, since the web host would wait for them.
    /// </returns>
    public static IReadOnlyList<ServiceDescriptor> Add(
        IServiceCollection services, string database, Action<WolverineOptions>? more = null, Uri? broker = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var before = services.Where(IsHosted).ToHashSet();
        services.AddSingleton(TimeProvider.System);
        services.AddKeyedSingleton(Schema, (_, _) => Source(database));
        services.AddSingleton(provider => new CommandReads(provider.GetRequiredKeyedService<NpgsqlDataSource>(Schema)));
        services.AddSingleton(provider => new Webhooks(provider.GetRequiredKeyedService<NpgsqlDataSource>(Schema)));
        services.AddSingleton(provider => new WebhookCaller(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<WebhookOrders>();
        services.AddSingleton<KeeperDesk>();
        services.AddMarten(provider => Store(provider.GetRequiredKeyedService<NpgsqlDataSource>(Schema)))
            .UseLightweightSessions()
            .IntegrateWithWolverine(integration => integration.MessageStorageSchemaName = Schema);
        services.AddSingleton<NodeNumber>(provider =>
        {
            var options = provider.GetRequiredService<WolverineOptions>();
            return () => options.Durability.AssignedNodeNumber;
        });
        services.AddWolverine(ExtensionDiscovery.ManualOnly, options =>
        {
            Messages(options, broker);
            Durable(options.Durability);
            more?.Invoke(options);
        });
        ServiceDescriptor[] started = [.. services.Where(IsHosted).Except(before)];
        foreach (var descriptor in started) services.Remove(descriptor);
        return started;
    }

    private static bool IsHosted(ServiceDescriptor descriptor) => descriptor.ServiceType == typeof(IHostedService);

    private static NpgsqlDataSource Source(string database)
    {
        var parts = new NpgsqlConnectionStringBuilder(database)
        {
            ApplicationName = Application,
            MaxPoolSize = WriteSideLimits.Connections,
        };
        // The figures of these connections carry this name, and not the address of the database.
        return new NpgsqlDataSourceBuilder(parts.ConnectionString) { Name = "workers" }.Build();
    }

    private static StoreOptions Store(NpgsqlDataSource source)
    {
        var options = new StoreOptions();
        options.Connection(source);
        CommandStore.Configure(options);
        options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
        options.DisableNpgsqlLogging = true;
        options.UseSystemTextJsonForSerialization();
        options.Schema.For<Pulse>().UseNumericRevisions(true)
            .Metadata(metadata => metadata.Revision.MapTo(pulse => pulse.Number));
        return options;
    }

    private static void Messages(WolverineOptions options, Uri? broker)
    {
        options.ServiceName = ServiceName;
        options.ApplicationAssembly = typeof(WriteSide).Assembly;
        options.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
        // Handlers are named here, not searched for: a start scans no assembly.
        options.Discovery.DisableConventionalDiscovery().IncludeType(typeof(BeatHandler))
            .IncludeType(typeof(DeliveryHandler)).IncludeType(typeof(DutyHandler));
        if (broker is not null) Broker.Use(options, broker);
        else Stay(options);
        options.DefaultExecutionTimeout = WriteSideLimits.Execution;
        options.Policies.AutoApplyTransactions();
        options.Policies.UseDurableLocalQueues();
        options.Policies.UseDurableInboxOnAllListeners();
        options.Policies.UseDurableOutboxOnAllSendingEndpoints();
        options.Policies.AllLocalQueues(queue => queue
            .UseDurableInbox(new BufferingLimits(WriteSideLimits.Buffered, WriteSideLimits.BufferedAgain))
            .MaximumParallelMessages(WriteSideLimits.Parallel));
        // Another handler of the same message was quicker: the next try sees the rows that it wrote.
        options.OnException<ConcurrencyException>().RetryWithCooldown(WriteSideLimits.Retries);
        // A duty that the keepers gave up on needs a look by a person before it is tried again.
        options.OnException<DutyGivenUpException>().MoveToErrorQueue();
        options.OnAnyException().RetryWithCooldown(WriteSideLimits.Retries)
            .Then.ScheduleRetry(WriteSideLimits.LateRetries)
            .Then.MoveToErrorQueue();
    }

    private static void Stay(WolverineOptions options)
    {
        options.PublishMessage<Beat>().ToLocalQueue(Pulses);
        options.PublishMessage<Delivery>().ToLocalQueue(Deliveries);
        options.PublishMessage<Duty>().ToLocalQueue(Duties);
    }

    private static void Durable(DurabilitySettings durability)
    {
        durability.Mode = DurabilityMode.Balanced;
        durability.MessageStorageSchemaName = Schema;
        durability.RecoveryBatchSize = WriteSideLimits.Recovered;
        durability.ScheduledJobFirstExecution = TimeSpan.Zero;
        durability.ScheduledJobPollingTime = WriteSideLimits.SchedulePoll;
        durability.FirstHealthCheckExecution = TimeSpan.Zero;
        durability.HealthCheckPollingTime = WriteSideLimits.HealthCheck;
        durability.CheckAssignmentPeriod = WriteSideLimits.StaleNode;
        durability.StaleNodeTimeout = WriteSideLimits.StaleNode;
        durability.StaleNodeEjectionThreshold = WriteSideLimits.StaleLooks;
        durability.OrphanedMessageSweepPollingTime = WriteSideLimits.OrphanSweep;
        durability.OutboxStaleTime = WriteSideLimits.StaleOutgoing;
        durability.InboxStaleTime = WriteSideLimits.StaleIncoming;
        durability.KeepAfterMessageHandling = WriteSideLimits.KeepHandled;
        durability.DrainTimeout = WriteSideLimits.Drain;
        durability.UpdateMetricsPeriod = WriteSideLimits.Figures;
        durability.NodeAssignmentHealthCheckTracingEnabled = false;
    }
}
