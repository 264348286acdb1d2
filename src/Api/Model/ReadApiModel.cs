// The read models in the planner's form. Enters: the declarations of the read models. Leaves: tables with columns,
// relations, histories and words, and beside the declared columns those that are for people: names of codes, standing,
// card and story.
using System.Collections.Immutable;
using EventSourced.Api.Cards;
using EventSourced.GraphQL.Sql;
using EventSourced.Projections;
using EventSourced.Tables;

namespace EventSourced.Api.Model;

/// <summary>Makes the planner's model of all read models.</summary>
public static class ReadApiModel
{
    private const int CardCost = 5;

    private static readonly Dictionary<string, ReadModel> ByTable = ReadModels.All.ToDictionary(model => model.Table);

    /// <summary>Makes the model: every read model, the blocks of time travel, and the values that stand beside the
    /// tables.</summary>
    /// <param name="cards">Reads the cards of agents; null: those that stand in their own address.</param>
    /// <param name="values">The values.</param>
    public static SqlModel Create(CardReader? cards = null, params ImmutableArray<SqlValue> values) => new(
        [.. ReadModels.All.Select(model => Table(model, cards ?? new CardReader(null)))],
        new SqlBlocks(TableNames.Blocks, TableNames.Progress)
        {
            Horizon = $"(select h.block from {TableNames.Horizon} h)",
        })
    { Values = values };

    private static SqlTable Table(ReadModel model, CardReader cards)
    {
        var name = TableNames.Of(TableNames.ServingSchema, model.Table);
        var columns = model.Columns.Select(column => ColumnKinds.Of(model, column)).ToImmutableArray();
        IEnumerable<SqlColumn> standing = model.TypeName == "Agent" ? Standing.ColumnsOfAgents : [];
        return new SqlTable(
            model.TypeName, name, columns[0].Field, [.. columns, .. Codes.Of(model.TypeName), .. standing])
        {
            Lists = model.TypeName == "Task" ? [TaskStory.List] : [],
            Late = model.TypeName switch
            {
                "Agent" => [Standing.AgentScore, Card(cards)],
                "Reputation" => [Standing.ReputationScore],
                _ => [],
            },
            Prefix = model.Fold.Name,
            IsSerial = model.IsSerial,
            SingleField = FieldNames.Single(model.TypeName),
            ManyField = FieldNames.Many(model.TypeName),
            Description = Descriptions.Of(model.TypeName),
            History = new SqlHistory(TableNames.HistoryOf(TableNames.ServingSchema, model.Table)),
            Relations = [.. model.Relations.Select(relation => Relate(model, relation))],
        };
    }

    private static SqlLate Card(CardReader cards) => new(
        "card", "AgentCard", agent => $"case when length({agent.Alias}.uri) <= {CardReader.MostBytes * 2} then " +
            $"to_json({agent.Alias}.uri) end", cards.ReadAsync)
    {
        Cost = CardCost,
        Description = "The document at its registered address at the block, where this host can read it: the address holds it " +
            "(data:), or names content that this host keeps (ipfs://). Null for every other address, for documents longer than " +
            $"{CardReader.MostBytes} bytes, and for those that are no card.",
    };

    private static SqlRelation Relate(ReadModel model, Relation relation)
    {
        var target = ByTable[relation.Target];
        var here = model.Columns.First(column => column.Name == relation.Column);
        var there = relation.TargetColumn.Length > 0
            ? target.Columns.First(column => column.Name == relation.TargetColumn)
            : target.Columns[0];
        return new SqlRelation(relation.Field, target.TypeName, relation.Column, there.Name, relation.IsMany)
        {
            Description = relation.IsMany
                ? $"The rows of {target.TypeName} whose {there.Field} is this {here.Field}."
                : $"The {target.TypeName} whose {there.Field} is the {here.Field}; null where there is none.",
        };
    }
}
