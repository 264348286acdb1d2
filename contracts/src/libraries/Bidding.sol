// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Rules, Vacancy } from "../interfaces/ITaskMarket.sol";
import { Decay } from "./Decay.sol";
import { Packed } from "./Packed.sol";

/// @title The arithmetic of auctions: a bid's score, the length of a round, and what a failed winner pays.
library Bidding {
    using Packed for uint256;

    uint256 private constant PPM = 1e6;
    uint256 private constant BPS = 10_000;
    uint256 private constant MOST_DOUBLINGS = 3;

    /// @notice wPrice * P + wRep * R + wRec * C, each in ppm: 0 to 10^10. A lower price, a higher reputation or a later
    ///         activity never lowers it.
    function score(
        Rules memory rules,
        uint256 maxPrice,
        uint256 price,
        int256 reputation,
        uint256 lastActive,
        uint256 time
    ) internal pure returns (uint64) {
        uint256 sum = rules.wPrice * ((maxPrice - price) * PPM / maxPrice);
        if (reputation > 0) {
            sum += rules.wRep * (uint256(reputation) * PPM / (uint256(reputation) + rules.repK));
        }
        // Who was never active is not recent, however young the chain is.
        if (lastActive != 0) sum += rules.wRec * Decay.recency(time - lastActive, rules.recHalfLife);
        return uint64(sum);
    }

    /// @notice Every failed round doubles the next one's window, up to eight times the first.
    function window(uint256 bidWindow, uint256 round) internal pure returns (uint256) {
        uint256 doublings = round - 1;
        if (doublings > MOST_DOUBLINGS) doublings = MOST_DOUBLINGS;
        return bidWindow << doublings;
    }

    /// @notice How long before its task expires a round of an auction must open: bids, reveals, a match within
    ///         startWindow, and the winner's whole time.
    function roundLength(uint256 windows, uint256 round) internal pure returns (uint256) {
        return window(windows.window(Packed.BID), round) + windows.window(Packed.REVEAL)
            + 2 * uint256(windows.window(Packed.START)) + windows.window(Packed.DELIVER);
    }

    /// @notice What the winner of a round pays for leaving it after it held the task for `held` seconds, and the client's
    ///         part. Yielding costs the yield rate at once and the missed rate at deliverBy, in a line; before the start
    ///         never more than not starting. A lapse never costs less than a yield at the same moment.
    /// @dev The client's part of a yield is 0 for half of the time and half of the penalty at its end, in a line: whoever
    ///      finds out in the first half that a task cannot be done leaves nothing to whoever has laid it out as bait.
    function failure(uint256 rules, uint256 windows, uint256 half, uint8 cause, bool started, uint256 held)
        internal
        pure
        returns (uint256 penalty, uint256 toClient)
    {
        uint256 whole = uint256(windows.window(Packed.START)) + windows.window(Packed.DELIVER);
        if (held > whole) held = whole;
        uint256 rate = rules.rule(Packed.YIELD_RATE);
        uint256 yielding = rate + (rules.rule(Packed.MISSED_RATE) - rate) * held / whole;
        rate = rules.rule(Packed.YIELD_RATE - Vacancy.YIELDED + cause);
        if (cause == Vacancy.YIELDED) {
            uint256 notStarting = rules.rule(Packed.NO_START_RATE);
            rate = started || yielding < notStarting ? yielding : notStarting;
        } else if (cause == Vacancy.LAPSED && yielding > rate) {
            rate = yielding;
        }
        penalty = rate * half / BPS;
        if (cause >= Vacancy.LAPSED) toClient = penalty / 2;
        else if (started && 2 * held > whole) toClient = penalty * (2 * held - whole) / (2 * whole);
    }
}
