// The small domain that the tests store: orders and their events, with source-generated JSON as the system uses it.
using System.Numerics;
using System.Text.Json.Serialization;
using EventSourced.EventStore.Json;

namespace EventSourced.EventStore.Tests;

public abstract record OrderEvent;

public sealed record OrderPlaced(string Customer, int Number) : OrderEvent;

public sealed record ItemAdded(string Item, int Quantity, [property: JsonConverter(typeof(Wei))] BigInteger PriceWei) : OrderEvent;

public sealed class Wei : DecimalStringConverter<BigInteger>;

public sealed record OrderShipped(string Carrier) : OrderEvent;

public sealed record OrderCancelled : OrderEvent;

public sealed record Order(string Customer, int Items, string TotalWei, bool IsShipped)
{
    public static Order? Evolve(Order? order, OrderEvent next) => (order, next) switch
    {
        (null, OrderPlaced placed) => new Order(placed.Customer, 0, "0", false),
        ({ } open, ItemAdded added) => open with
        {
            Items = open.Items + added.Quantity,
            TotalWei = (BigInteger.Parse(open.TotalWei) + (added.PriceWei * added.Quantity)).ToString(),
        },
        ({ } open, OrderShipped) => open with { IsShipped = true },
        (_, OrderCancelled) => null,
        _ => throw new InvalidOperationException($"expected an event that fits {order}, found {next}"),
    };
}

/// <summary>Over many orders: how many each customer placed.</summary>
public sealed record CustomerOrders(string Customer, int Placed)
{
    public static CustomerOrders Evolve(CustomerOrders? customer, OrderPlaced placed) =>
        new(placed.Customer, (customer?.Placed ?? 0) + 1);
}

[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(ItemAdded))]
[JsonSerializable(typeof(OrderShipped))]
[JsonSerializable(typeof(OrderCancelled))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(CustomerOrders))]
public sealed partial class OrdersJson : JsonSerializerContext;
