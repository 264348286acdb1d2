// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Court, IDisputes, Phase } from "../../src/interfaces/IDisputes.sol";
import { vm } from "../Vm.sol";
import { DisputesCase } from "./DisputesCase.sol";

contract ResolveRoundTest is DisputesCase {
    function test_A_round_in_which_all_have_revealed_is_resolved_at_once() public {
        uint256 disputeId = openByWatcher(1, submitted());
        seated(disputeId);
        commitAll(disputeId, votes(1, 1, 2));
        revealAll(disputeId, votes(1, 1, 2));
        vm.expectEmit(wiring.disputes);
        emit IDisputes.RoundResolved(disputeId, 1, 1, Court.REJECT, Court.MAJORITY, uint64(block.timestamp + 8 hours));
        court.resolveRound(disputeId);
        vm.assertTrue(court.disputeOf(disputeId).phase == Phase.APPEAL);
    }
}
