// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Courtroom } from "../Courtroom.sol";

/// @title Votes of a few, and a maker with strikes.
abstract contract DisputesCase is Courtroom {
    function voteFew(uint256 disputeId) internal {
        uint8[] memory few = new uint8[](15);
        (few[0], few[1]) = (1, 2);
        vote(disputeId, few);
    }

    function submittedWithStrikes() internal returns (uint256) {
        bondAgent(makerId, 10_000 * CREDITS);
        return submitted(strikeTerms(), keccak256("r"), keccak256("s"));
    }

    function strikeTerms() internal view returns (Terms memory t) {
        t = taskTerms();
        t.agentBond = 4 * BOND;
    }
}
