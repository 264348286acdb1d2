// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Bounty, BountyClaim, BountyTerms } from "../../src/interfaces/IBounties.sol";
import { Challenge, IDisputable } from "../../src/interfaces/IDisputable.sol";
import { Accounts, Pledge, Reasons } from "../../src/libraries/Accounts.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @title A bounty of 1,000 credits in two awards, and four agents that could claim it.
abstract contract BountiesCase is Commons {
    address internal sponsor = address(0x5905);
    address[4] internal owners = [address(0x0A1), address(0x0A2), address(0x0A3), address(0x0A4)];
    uint256[4] internal agents;
    uint64 internal claimEnd = GENESIS_TIME + 1 days;
    uint64 internal awardEnd = GENESIS_TIME + 3 days;
    uint64 internal payableAt = GENESIS_TIME + 3 days + 2 hours;
    uint256 internal id;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i; i < 4; ++i) {
            agents[i] = newAgent(owners[i], 1_000 * CREDITS);
        }
        fund(sponsor, 20_000 * CREDITS);
        id = open(1_000 * CREDITS, 2);
    }

    function terms(uint256 pool, uint16 maxAwards) internal view returns (BountyTerms memory) {
        return BountyTerms(pool, maxAwards, claimEnd, awardEnd, 2 hours, "criteria", "uri");
    }

    function open(uint256 pool, uint16 maxAwards) internal returns (uint256) {
        return open(terms(pool, maxAwards));
    }

    function open(BountyTerms memory asked) internal returns (uint256) {
        vm.prank(sponsor);
        return bounties.openBounty(asked);
    }

    function claim(uint256 i) internal returns (uint256) {
        vm.prank(owners[i]);
        return bounties.claim(id, agents[i], "work");
    }

    function award(uint256 claimId) internal {
        vm.prank(sponsor);
        bounties.award(claimId);
    }

    function pledge(uint256 claimId) internal pure returns (bytes32) {
        return Accounts.atRisk(Pledge.BOUNTY_CLAIM, claimId);
    }

    /// @notice What the court does when a challenge opens: asks the subject, and takes the respondent's bond.
    function challenge(uint256 claimId) internal returns (Challenge memory asked) {
        vm.startPrank(wiring.disputes);
        asked = IDisputable(wiring.bounties).challenge(claimId, 8, claimId, 0, sponsor);
        vault.move(asked.pledge, Accounts.dispute(claimId), 0, asked.bond, Reasons.RESPONDENT_BOND);
        vm.stopPrank();
    }

    /// @notice What the court does in the end: gives the respondent's bond back or away, and rules.
    function rule(uint256 claimId, uint8 ruling, uint8 cause) internal {
        bytes32 account = Accounts.dispute(claimId);
        uint256 bond = balance(account);
        bool rejected = ruling == 1;
        vm.startPrank(wiring.disputes);
        vault.move(
            account,
            rejected ? pledge(claimId) : Accounts.BURN,
            0,
            bond,
            rejected ? Reasons.BOND_RETURN : Reasons.SLASH_BURN
        );
        IDisputable(wiring.bounties).rule(claimId, 8, claimId, ruling, cause, rejected ? bond : 0);
        vm.stopPrank();
    }

    function held() internal view returns (uint256) {
        return balance(Accounts.bounty(id));
    }

    function found() internal view returns (Bounty memory) {
        return bounties.bountyOf(id);
    }

    function foundClaim(uint256 claimId) internal view returns (BountyClaim memory) {
        return bounties.claimOf(claimId);
    }
}
