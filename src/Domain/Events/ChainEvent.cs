// The base of every event of the catalog. The records stand in *.g.cs beside this file, one file a contract, generated
// from docs/events/catalog.v1.json: same names, same order of fields, no meaning lost. Stored under their record's
// name; never rename.
namespace EventSourced.Domain.Events;

/// <summary>A fact that a contract of the economy stated on the chain.</summary>
public abstract record ChainEvent;
