// The small domain that the tests store: orders and their events, with source-generated JSON as the system uses it.
using System.Text.Json.Serialization;

namespace EventSourced.MartenBulk.Tests;

public abstract record OrderEvent;

public sealed record OrderPlaced(string Customer, int Number) : OrderEvent;

public sealed record ItemAdded(string Item, int Quantity, string PriceWei) : OrderEvent;

public sealed record OrderShipped(string Carrier) : OrderEvent;

public sealed record OrderCancelled : OrderEvent;

[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(ItemAdded))]
[JsonSerializable(typeof(OrderShipped))]
[JsonSerializable(typeof(OrderCancelled))]
public sealed partial class OrdersJson : JsonSerializerContext;
