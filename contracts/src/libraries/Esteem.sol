// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title What a finalized task is worth to its agent's reputation, whatever addresses paid for it.
/// @notice An address is free, so an address without a history is nobody in particular: all such clients of an agent
///         together are damped as one, the crowd. A client grows out of the crowd by what it settled on earlier days, which
///         cost it fees; nothing that can be lent or moved on, such as stake, counts. And whoever pays, a day in a domain
///         earns no more than the dearest single task, and the next point of a day is dearer than the last.
library Esteem {
    uint256 internal constant MICRO = 1e6;
    /// @notice What a client settles until it is a subject of its own, net.
    uint256 internal constant HISTORY = 1_000e18;
    /// @notice The most that an agent earns on a day in a domain by finalized tasks: what the dearest task is worth.
    uint256 internal constant DAILY = 20e6;
    /// @dev value / 1000 in points is value / 10^15 in micropoints, at most 10 points.
    uint256 internal constant VALUE_UNIT = 1e15;
    uint256 internal constant MOST_BY_VALUE = 10e6;
    uint256 internal constant COMPLETION = 10;

    /// @notice What one task is worth before damping, in micropoints, and `phi`: how full it counts, in ppm.
    function worth(uint256 netPrice, uint256 valueFull) internal pure returns (uint256 points, uint256 phi) {
        phi = netPrice * MICRO / valueFull;
        if (phi > MICRO) phi = MICRO;
        uint256 byValue = netPrice / VALUE_UNIT;
        if (byValue > MOST_BY_VALUE) byValue = MOST_BY_VALUE;
        points = COMPLETION * phi + byValue;
    }

    /// @notice How far a client is a subject of its own, in ppm, by what it settled on earlier days.
    function weight(uint256 history) internal pure returns (uint256) {
        return history < HISTORY ? history * MICRO / HISTORY : MICRO;
    }

    /// @notice What a task adds: its own part damped by the client's earlier tasks, the rest by the crowd before it, and
    ///         all of it by what the day has earned already.
    /// @param own The client's weight, in ppm.
    /// @param completions The client's tasks with this agent, this one included.
    /// @param crowd How many full tasks the crowd gave before, in ppm.
    /// @param earned What the agent earned today in the domain, in micropoints.
    function increment(uint256 points, uint256 own, uint256 completions, uint256 crowd, uint256 earned)
        internal
        pure
        returns (uint256)
    {
        uint256 damped = points * own / (MICRO * completions) + points * (MICRO - own) / (MICRO + crowd);
        return damped * (DAILY - earned) / DAILY;
    }
}
