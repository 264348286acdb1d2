// The optional columns of mt_events. Marten creates them only where they are asked for, and so does this store.
namespace EventSourced.EventStore;

/// <summary>Which optional columns <c>mt_events</c> has, by Marten's names; all off by default.</summary>
public sealed class MetadataConfig
{
    /// <summary>The column <c>correlation_id</c>.</summary>
    public bool CorrelationIdEnabled { get; set; }

    /// <summary>The column <c>causation_id</c>.</summary>
    public bool CausationIdEnabled { get; set; }

    /// <summary>The column <c>headers</c>.</summary>
    public bool HeadersEnabled { get; set; }

    /// <summary>The column <c>user_name</c>.</summary>
    public bool UserNameEnabled { get; set; }

    /// <summary>Turns all four on.</summary>
    public void EnableAll() => CorrelationIdEnabled = CausationIdEnabled = HeadersEnabled = UserNameEnabled = true;

    /// <summary>The enabled columns in the order of the table.</summary>
    internal MetadataColumn[] Columns =>
    [
        .. CorrelationIdEnabled ? [MetadataColumn.CorrelationId] : Array.Empty<MetadataColumn>(),
        .. CausationIdEnabled ? [MetadataColumn.CausationId] : Array.Empty<MetadataColumn>(),
        .. HeadersEnabled ? [MetadataColumn.Headers] : Array.Empty<MetadataColumn>(),
        .. UserNameEnabled ? [MetadataColumn.UserName] : Array.Empty<MetadataColumn>(),
    ];

    /// <summary>The enabled columns in the order of Marten's append function, which puts causation first.</summary>
    internal IEnumerable<MetadataColumn> FunctionOrder => Columns.OrderBy(column => column.FunctionOrder);
}
