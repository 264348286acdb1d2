// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Bid, Mode, Task, TaskState, Terms, Verification } from "../src/interfaces/ITaskMarket.sol";
import { Workflows } from "../src/collaboration/Workflows.sol";
import { VerifierPool } from "../src/court/VerifierPool.sol";
import { Challenge } from "../src/interfaces/IDisputable.sol";
import { Court } from "../src/interfaces/IDisputes.sol";
import { Accounts, Pledge, Reasons } from "../src/libraries/Accounts.sol";
import { TaskMarket } from "../src/market/TaskMarket.sol";
import { WorkLeases } from "../src/market/WorkLeases.sol";
import { Agents } from "./Agents.sol";
import { vm } from "./Vm.sol";

/// @title A market with a client, three bonded agents, and the steps of a task as one-liners.
/// @notice Its siblings are the deployed ones, with a pool of three. The court alone is played by the tests of the market's
///         own functions, which act from its address; Courtroom has the real one.
abstract contract Market is Agents {
    bytes32 internal constant DOMAIN = "translation";
    bytes32 internal constant RESULT = keccak256("result");
    bytes32 internal constant RECEIPT = keccak256("receipt");
    uint256 internal constant PRICE = 1_000 * CREDITS;
    uint256 internal constant BOND = 240 * CREDITS;

    TaskMarket internal market;
    WorkLeases internal leases;
    VerifierPool internal pool;
    Workflows internal workflows;

    address internal client;
    address[3] internal owners;
    uint256[3] internal agents;
    uint256[3] internal verifiers;

    function setUp() public virtual override {
        super.setUp();
        market = TaskMarket(wiring.taskMarket);
        leases = WorkLeases(wiring.workLeases);
        pool = VerifierPool(wiring.verifierPool);
        workflows = Workflows(wiring.workflows);
        client = person("client");
        fund(client, 10 * PRICE);
        for (uint256 i; i < 3; ++i) {
            owners[i] = person(string.concat("owner ", vm.toString(i)));
            agents[i] = newAgent(owners[i], 1_000 * CREDITS);
        }
        for (uint256 i; i < 3; ++i) {
            verifiers[i] = newVerifier(i);
        }
    }

    /// @notice Without a court that could judge it there is no task: three verifiers are the least.
    function newVerifier(uint256 i) internal returns (uint256 verifierId) {
        address owner = person(string.concat("verifier ", vm.toString(i)));
        verifierId = newAgent(owner, 100 * CREDITS);
        vm.prank(owner);
        pool.join(verifierId);
    }

    /// @notice A step of a workflow of its own, paid by its budget.
    function createStep(Terms memory t, uint256 agentId) internal returns (uint256 taskId) {
        vm.startPrank(client);
        uint256 workflowId = workflows.create(t.maxPrice, "graph", 1, uint64(block.timestamp + 1 days), "ipfs://graph");
        taskId = workflows.linkStep(workflowId, 0, 0, agentId, t);
        vm.stopPrank();
    }

    function terms(Mode mode) internal view returns (Terms memory t) {
        t.mode = uint8(mode);
        t.domain = DOMAIN;
        t.maxPrice = PRICE;
        t.agentBond = BOND;
        t.bidWindow = 900;
        t.revealWindow = mode == Mode.SEALED ? 600 : 0;
        t.startWindow = 900;
        t.deliverWindow = 1 days;
        t.reviewWindow = 2 hours;
        t.challengeWindow = 2 hours;
        t.leaseTtl = 120;
        t.grace = 30;
        t.expiresAt = uint64(block.timestamp + 10 days);
        t.specHash = keccak256("spec");
        t.specURI = "ipfs://spec";
    }

    function create(Mode mode) internal returns (uint256 taskId) {
        return create(mode == Mode.DIRECT ? agents[0] : 0, terms(mode));
    }

    function create(uint256 agentId, Terms memory t) internal returns (uint256 taskId) {
        vm.prank(client);
        return market.createTask(agentId, t);
    }

    function bidAs(uint256 i, uint256 taskId, uint256 price) internal returns (uint256 bidId) {
        vm.prank(owners[i]);
        return market.placeBid(taskId, agents[i], price, 1 hours, keccak256("proposal"));
    }

    function commitAs(uint256 i, uint256 taskId, uint256 price) internal returns (uint256 bidId) {
        bytes32 commitment = commitmentAs(i, taskId, price);
        vm.prank(owners[i]);
        return market.commitBid(taskId, agents[i], commitment);
    }

    function commitmentAs(uint256 i, uint256 taskId, uint256 price) internal view returns (bytes32) {
        return market.commitmentOf(
            taskId,
            market.taskOf(taskId).round,
            agents[i],
            price,
            1 hours,
            keccak256("proposal"),
            bytes32(uint256(i + 7))
        );
    }

    function revealAs(uint256 i, uint256 bidId, uint256 price) internal {
        vm.prank(owners[i]);
        market.revealBid(bidId, price, 1 hours, keccak256("proposal"), bytes32(uint256(i + 7)));
    }

    /// @notice A task that agent 0 has won at `price`.
    function matched(uint256 price) internal returns (uint256 taskId) {
        return matched(terms(Mode.OPEN), price);
    }

    function matched(Terms memory t, uint256 price) internal returns (uint256 taskId) {
        taskId = create(0, t);
        uint256 bidId = bidAs(0, taskId, price);
        vm.prank(client);
        market.pick(taskId, bidId);
    }

    function running(uint256 price) internal returns (uint256 taskId, uint256 leaseId) {
        taskId = matched(price);
        leaseId = startAs(0, taskId);
    }

    function startAs(uint256 i, uint256 taskId) internal returns (uint256 leaseId) {
        vm.prank(owners[i]);
        return leases.start(taskId);
    }

    function submitAs(uint256 i, uint256 taskId) internal {
        vm.prank(owners[i]);
        market.submit(taskId, RESULT, RECEIPT, "ipfs://result");
    }

    /// @notice A task whose agent 0 has submitted.
    function verifying(Verification verification, uint256 price) internal returns (uint256 taskId) {
        Terms memory t = terms(Mode.OPEN);
        t.verification = uint8(verification);
        taskId = matched(t, price);
        startAs(0, taskId);
        submitAs(0, taskId);
    }

    /// @notice What the court does when a dispute is opened: asks the market, and takes B from the pledge.
    function dispute(uint256 taskId, uint8 kind, uint256 disputeId) internal returns (Challenge memory found) {
        return disputeBy(taskId, kind, disputeId, 0, client);
    }

    function disputeBy(uint256 taskId, uint8 kind, uint256 disputeId, uint256 challengerId, address challenger)
        internal
        returns (Challenge memory found)
    {
        vm.startPrank(wiring.disputes);
        found = market.challenge(taskId, kind, disputeId, challengerId, challenger);
        vault.move(found.pledge, Accounts.dispute(disputeId), bytes32(disputeId), found.bond, Reasons.RESPONDENT_BOND);
        vm.stopPrank();
    }

    /// @notice What the court does when it has ruled: the respondent's bond goes back to the pledge, or is lost.
    function ruleOn(uint256 taskId, uint8 kind, uint256 disputeId, uint8 ruling) internal {
        settleBond(taskId, disputeId, ruling);
        tell(taskId, kind, disputeId, ruling);
    }

    function settleBond(uint256 taskId, uint256 disputeId, uint8 ruling) internal {
        bytes32 home = ruling == 1 ? pledgeOf(taskId) : Accounts.BURN;
        uint256 held = balance(Accounts.dispute(disputeId));
        vm.prank(wiring.disputes);
        vault.move(Accounts.dispute(disputeId), home, bytes32(disputeId), held, Reasons.BOND_RETURN);
    }

    function tell(uint256 taskId, uint8 kind, uint256 disputeId, uint8 ruling) internal {
        tell(taskId, kind, disputeId, ruling, Court.RULED);
    }

    function tell(uint256 taskId, uint8 kind, uint256 disputeId, uint8 ruling, uint8 cause) internal {
        vm.prank(wiring.disputes);
        market.rule(taskId, kind, disputeId, ruling, cause, 0);
    }

    function pledgeOf(uint256 taskId) internal pure returns (bytes32) {
        return Accounts.atRisk(Pledge.TASK, taskId);
    }

    function stakeOf(uint256 i) internal view returns (uint256) {
        return balance(Accounts.stake(agents[i]));
    }

    function lockOf(uint256 i, uint256 taskId, uint16 round) internal view returns (uint256) {
        return balance(Accounts.bid(taskId, round, agents[i]));
    }

    function assertState(uint256 taskId, TaskState expected) internal view {
        vm.assertEq(uint256(market.stateOf(taskId)), uint256(expected), "state of the task");
    }
}
