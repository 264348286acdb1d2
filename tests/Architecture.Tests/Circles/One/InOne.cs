// A folder of the circle that CircleTests find.
namespace EventSourced.Architecture.Tests.Circles.One;

internal sealed class InOne
{
    internal static Type Next => typeof(Two.InTwo);
}
