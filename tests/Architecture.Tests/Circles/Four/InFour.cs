// A folder of the circle that CircleTests find.
namespace EventSourced.Architecture.Tests.Circles.Four;

internal sealed class InFour
{
    internal static Type Next => typeof(One.InOne);
}
