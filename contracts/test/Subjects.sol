// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBounties } from "../src/interfaces/IBounties.sol";
import { IRewards } from "../src/interfaces/IRewards.sol";
import { IWorkflows } from "../src/interfaces/IWorkflows.sol";
import { Courtroom } from "./Courtroom.sol";
import { vm } from "./Vm.sol";

/// @title Bounties, era rewards and workflows beside the real court and the real market.
/// @notice Four owners, each with an agent, claim, post and attest; a small pool judges them.
abstract contract Subjects is Courtroom {
    uint256 internal constant OWNERS = 4;

    IBounties internal bounties;
    IRewards internal rewards;
    IWorkflows internal workflows;
    address[OWNERS] internal owners;
    uint256[OWNERS] internal agents;

    function setUp() public virtual override {
        super.setUp();
        bounties = IBounties(wiring.bounties);
        rewards = IRewards(wiring.rewards);
        workflows = IWorkflows(wiring.workflows);
        for (uint256 i; i < OWNERS; ++i) {
            owners[i] = person(string.concat("claimant ", vm.toString(i)));
            agents[i] = newAgent(owners[i], 50_000 * CREDITS);
        }
    }

    function seatedAtStart() internal pure override returns (uint256) {
        return 5;
    }
}
