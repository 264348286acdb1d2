// Every derived event by its stored name, and its JSON. Stored; never rename.
using System.Text.Json.Serialization;

namespace EventSourced.Domain;

/// <summary>The derived events.</summary>
public static class DerivedEvents
{
    /// <summary>Every derived event: its stored name and its record.</summary>
    public static IReadOnlyList<(string Name, Type Record)> All { get; } =
    [
        ("integrity_violated", typeof(Violations.IntegrityViolated)),
        ("task_deadline_passed", typeof(Tasks.TaskDeadlinePassed)),
        ("work_lease_lapsed", typeof(WorkLeases.WorkLeaseLapsed)),
    ];
}

/// <summary>The JSON of every derived event, without reflection.</summary>
[JsonSerializable(typeof(Violations.IntegrityViolated))]
[JsonSerializable(typeof(Tasks.TaskDeadlinePassed))]
[JsonSerializable(typeof(WorkLeases.WorkLeaseLapsed))]
public sealed partial class DerivedJson : JsonSerializerContext;
