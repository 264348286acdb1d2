// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Rules } from "../interfaces/ITaskMarket.sol";
import { Decay } from "./Decay.sol";

/// @title The arithmetic of auctions: a bid's score and the length of a round.
library Bidding {
    uint256 private constant PPM = 1e6;
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
}
