// The read models in the planner's form. Enters: the declarations of the read models. Leaves: tables with columns,
// relations, histories and words.
using System.Collections.Immutable;
using EventSourced.GraphQL.Sql;
using EventSourced.Projections;
using EventSourced.Tables;

namespace EventSourced.Api.Model;

/// <summary>Makes the planner's model of all read models.</summary>
public static class ReadApiModel
{
    private static readonly Dictionary<string, ReadModel> ByTable = ReadModels.All.ToDictionary(model => model.Table);

    /// <summary>Makes the model: every read model, the blocks of time travel, and the values that stand beside the
    /// tables.</summary>
    public static SqlModel Create(params ImmutableArray<SqlValue> values) => new(
        [.. ReadModels.All.Select(Table)],
        new SqlBlocks(TableNames.Blocks, TableNames.Progress)
        {
            Horizon = $"(select h.block from {TableNames.Horizon} h)",
        })
    { Values = values };

    private static SqlTable Table(ReadModel model)
    {
        var name = TableNames.Of(TableNames.ServingSchema, model.Table);
        var columns = model.Columns.Select(column => ColumnKinds.Of(model, column)).ToImmutableArray();
        return new SqlTable(model.TypeName, name, columns[0].Field, columns)
        {
            Prefix = model.Fold.Name,
            IsSerial = model.IsSerial,
            SingleField = FieldNames.Single(model.TypeName),
            ManyField = FieldNames.Many(model.TypeName),
            Description = Descriptions.Of(model.TypeName),
            History = new SqlHistory(TableNames.HistoryOf(TableNames.ServingSchema, model.Table)),
            Relations = [.. model.Relations.Select(relation => Relate(model, relation))],
        };
    }

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
