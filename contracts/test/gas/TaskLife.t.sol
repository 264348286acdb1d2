// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";
import { Meter } from "./Meter.sol";

/// @notice What the life of a task in an open auction costs: each step is a transaction of its own, with cold storage.
contract TaskLifeGasTest is Market, Meter {
    uint256 internal constant GOAL = 1_100_000;

    /// @dev Two bidders, of whom one loses, and nobody's first task: counters, scores and votes have been written before.
    ///      The goal speaks of one bid, the winner's: the loser's is printed beside.
    /// forge-config: default.isolate = true
    function test_An_open_auction_from_creation_to_payment() public {
        live();
        startOver();
        live();
        assertTotal(GOAL, wiring.taskMarket);
    }

    function live() private {
        Terms memory t = terms(Mode.OPEN);
        vm.prank(client);
        uint256 taskId = market.createTask(0, t);
        measured("createTask");
        skip(60);
        vm.prank(owners[0]);
        market.placeBid(taskId, agents[0], 800 * CREDITS, 1 hours, keccak256("proposal"));
        measured("placeBid, the winner's");
        skip(60);
        vm.prank(owners[1]);
        market.placeBid(taskId, agents[1], 900 * CREDITS, 1 hours, keccak256("proposal"));
        besides("placeBid, the loser's");
        skip(900);
        market.matchBest(taskId);
        measured("matchBest, one loser");
        skip(12);
        vm.prank(owners[0]);
        uint256 leaseId = leases.start(taskId);
        measured("start");
        skip(60);
        vm.prank(owners[0]);
        leases.heartbeat(leaseId, keccak256("progress"));
        measured("heartbeat");
        skip(60);
        vm.prank(owners[0]);
        market.submit(taskId, RESULT, RECEIPT, "ipfs://result");
        measured("submit");
        skip(2 hours);
        market.finalize(taskId);
        measured("finalize");
    }
}
