// Codes of the contracts that columns hold as numbers, and the names that stand beside them in the schema. Enters: a
// table. Leaves: a column of names for each of its codes. Always holds: the number stays where it is; a number that
// this program has no name for, and one that stands for none, is null in the column of names and fails no query.
using System.Globalization;
using EventSourced.Domain.Court;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Market;
using EventSourced.Domain.Money;
using EventSourced.GraphQL.Sql;

namespace EventSourced.Api.Model;

/// <summary>The codes with names.</summary>
internal static class Codes
{
    private const string Beside =
        "null where there is none, and where this program knows no name for the number that stands beside it.";

    private static readonly Code[] All =
    [
        new("Task", "disputeKindName", typeof(Disputes.Kind), "The kind of the last dispute, by its name", "dispute_kind"),
        new("Task", "causeName", typeof(Tasks.Cause), "Why it lost its last winner, was paid or was cancelled", "cause")
        {
            Number = row => $"(case {row}.status when {(int)Tasks.Status.Finalized} then {row}.cause + {Paid} " +
                $"when {(int)Tasks.Status.Cancelled} then {row}.cause + {Refunded} else {row}.cause end)",
        },
        new("Dispute", "kindName", typeof(Disputes.Kind), "What the challenge says is wrong, by its name", "kind"),
        new("Transfer", "reasonName", typeof(Reason), "Why the money moved, by its name", "reason"),
        new("Breaker", "levelName", typeof(Breakers.Level), "How much the trip stops, by its name", "level"),
        new("BreakerTrip", "levelName", typeof(Breakers.Level), "How much the trip stops, by its name", "level"),
    ];

    // The market counts the causes of each end from 1; the domain's enum holds them apart.
    private const int Paid = 10;
    private const int Refunded = 20;

    /// <summary>The enums that only codes have.</summary>
    internal static IEnumerable<Type> Enums => All.Select(code => code.Enum).Distinct();

    /// <summary>The columns of names of a table.</summary>
    internal static IEnumerable<SqlColumn> Of(string typeName)
    {
        foreach (var code in All.Where(code => code.TypeName == typeName))
            yield return Names(code);
        if (typeName == "Task") yield return RuledKinds();
    }

    private static SqlColumn Names(Code code)
    {
        var known = string.Join(", ", ColumnKinds.EnumValues(code.Enum).Select(
            value => value.Number.ToString(CultureInfo.InvariantCulture)));
        return new(code.Field, code.Field, ColumnKinds.EnumOf(code.Enum))
        {
            Expression = place =>
            {
                var number = code.Number?.Invoke(place.Alias) ?? $"{place.Alias}.{code.Column}";
                return $"(case when {number} in ({known}) then ({number})::smallint end)";
            },
            IsNullable = true,
            IsGroupable = true,
            Description = $"{code.Description}; {Beside}",
        };
    }

    private static SqlColumn RuledKinds() => new(
        "ruledKindNames", "ruledKindNames",
        SqlScalar.EnumBits(ColumnKinds.EnumOf(typeof(Disputes.Kind)), ColumnKinds.EnumValues(typeof(Disputes.Kind))))
    {
        Expression = place => $"{place.Alias}.ruled_kinds",
        Description = "The kinds of challenge that were raised and may not be raised again; a kind without a name is left out.",
    };

    private sealed record Code(string TypeName, string Field, Type Enum, string Description, string Column)
    {
        public Func<string, string>? Number { get; init; }
    }
}
