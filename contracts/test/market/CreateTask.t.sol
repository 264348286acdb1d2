// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Breaker } from "../../src/Breaker.sol";
import { ITaskMarket, Mode, Rules, Task, TaskState, Terms } from "../../src/interfaces/ITaskMarket.sol";
import { IERC721Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Domains } from "../../src/libraries/Domains.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Packed } from "../../src/libraries/Packed.sol";
import { Market } from "../Market.sol";
import { vm } from "../Vm.sol";

contract CreateTaskTest is Market {
    function rules() internal pure returns (Rules memory) {
        return Rules(100, 1_000, 2_000, 5_000, 8_000, 2_000, 5_000, 4_000, 1_000, 8, 30 days, 200e6);
    }

    function test_A_task_locks_its_price_and_opens_the_first_round() public {
        Terms memory t = terms(Mode.SEALED);
        uint64 commitEnd = uint64(block.timestamp + 900);
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.TaskCreated(1, client, 0, t, rules());
        vm.expectEmit(wiring.taskMarket);
        emit ITaskMarket.BiddingOpened(1, 1, 0, commitEnd, commitEnd + 600);
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.credit(client), Accounts.task(1), bytes32(uint256(1)), PRICE, Reasons.ESCROW);
        vm.assertEq(create(0, t), 1);
        vm.assertEq(balance(Accounts.task(1)), PRICE);
        vm.assertEq(market.taskCount(), 1);
    }

    function test_Every_term_is_kept() public {
        Terms memory t = terms(Mode.SEALED);
        t.verification = 1;
        t.minReputation = -5;
        Task memory task = market.taskOf(create(0, t));
        vm.assertEq(task.client, client);
        vm.assertEq(uint256(task.state), uint256(TaskState.BIDDING));
        vm.assertEq(uint256(task.mode), 2);
        vm.assertEq(uint256(task.verification), 1);
        vm.assertEq(task.round, 1);
        vm.assertEq(task.maxPrice, PRICE);
        vm.assertEq(task.agentBond, BOND);
        vm.assertEq(task.commitEnd, block.timestamp + 900);
        vm.assertEq(task.revealEnd, block.timestamp + 1_500);
        vm.assertEq(task.expiresAt, t.expiresAt);
        vm.assertEq(int256(task.minReputation), int256(-5));
        vm.assertEq(task.domain, DOMAIN);
        vm.assertEq(task.specHash, t.specHash);
        vm.assertEq(task.windows, Packed.pack(t));
        vm.assertEq(keccak256(abi.encode(Packed.unpack(task.rules))), keccak256(abi.encode(rules())));
        uint32[8] memory windows = [uint32(900), 600, 900, 1 days, 2 hours, 2 hours, 120, 30];
        for (uint256 i; i < 8; ++i) {
            vm.assertEq(Packed.window(task.windows, i), windows[i]);
        }
    }

    function test_A_direct_task_names_its_agent() public {
        uint256 taskId = create(Mode.DIRECT);
        vm.assertEq(market.taskOf(taskId).named, agents[0]);
        vm.assertEq(market.taskOf(taskId).agentId, 0);
    }

    function test_A_relayed_task_belongs_to_the_signer() public {
        bytes memory call = abi.encodeCall(ITaskMarket.createTask, (0, terms(Mode.OPEN)));
        vm.prank(wiring.forwarder);
        (bool done,) = wiring.taskMarket.call(abi.encodePacked(call, client));
        vm.assertTrue(done);
        vm.assertEq(market.taskOf(1).client, client);
    }

    function test_Running_tasks_keep_the_parameters_of_their_creation() public {
        uint256 taskId = create(Mode.OPEN);
        setParam(Keys.PROTOCOL_FEE, 500);
        setParam(Keys.MAX_ROUNDS, 1);
        vm.assertEq(Packed.unpack(market.taskOf(taskId).rules).fee, 100);
        vm.assertEq(Packed.unpack(market.taskOf(create(Mode.OPEN)).rules).fee, 500);
    }

    function refuse(uint256 agentId, Terms memory t, bytes memory error) internal {
        vm.expectRevert(error);
        vm.prank(client);
        market.createTask(agentId, t);
    }

    function outside(bytes32 name, uint256 found, uint256 lowest, uint256 highest)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(ITaskMarket.OutsideTerms.selector, name, found, lowest, highest);
    }

    function test_Unknown_modes_and_verifications_are_refused() public {
        Terms memory t = terms(Mode.OPEN);
        t.mode = 3;
        refuse(0, t, abi.encodeWithSelector(ITaskMarket.UnknownMode.selector, 3));
        t = terms(Mode.OPEN);
        t.verification = 2;
        refuse(0, t, abi.encodeWithSelector(ITaskMarket.UnknownVerification.selector, 2));
    }

    function test_Agent_and_mode_must_fit() public {
        refuse(
            agents[0], terms(Mode.OPEN), abi.encodeWithSelector(ITaskMarket.AgentAndModeDiffer.selector, 1, agents[0])
        );
        refuse(0, terms(Mode.DIRECT), abi.encodeWithSelector(ITaskMarket.AgentAndModeDiffer.selector, 0, 0));
        refuse(99, terms(Mode.DIRECT), abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 99));
    }

    function test_A_client_cannot_name_its_own_agent() public {
        uint256 own = newAgent(client, 0);
        refuse(own, terms(Mode.DIRECT), abi.encodeWithSelector(ITaskMarket.OwnTask.selector, 1, client));
    }

    function test_The_domains_of_the_court_are_reserved() public {
        bytes32[3] memory reserved = [Domains.VERIFICATION, Domains.CHALLENGE, Domains.STRIKE];
        for (uint256 i; i < 3; ++i) {
            Terms memory t = terms(Mode.OPEN);
            t.domain = reserved[i];
            refuse(0, t, abi.encodeWithSelector(ITaskMarket.ReservedDomain.selector, reserved[i]));
        }
    }

    function test_Price_and_bond_have_bounds() public {
        Terms memory t = terms(Mode.OPEN);
        t.maxPrice = 0;
        refuse(0, t, outside("maxPrice", 0, 1, 10_000 * CREDITS));
        t.maxPrice = 10_000 * CREDITS + 1;
        refuse(0, t, outside("maxPrice", t.maxPrice, 1, 10_000 * CREDITS));
        t.maxPrice = PRICE;
        t.agentBond = 200 * CREDITS - 1;
        refuse(0, t, outside("agentBond", t.agentBond, 200 * CREDITS, PRICE));
        t.agentBond = PRICE + 1;
        refuse(0, t, outside("agentBond", t.agentBond, 200 * CREDITS, PRICE));
        t.maxPrice = CREDITS;
        t.agentBond = 10 * CREDITS - 1;
        refuse(0, t, outside("agentBond", t.agentBond, 10 * CREDITS, 10 * CREDITS));
        t.agentBond = 10 * CREDITS;
        create(0, t);
    }

    function test_Windows_have_bounds() public {
        Terms memory t = terms(Mode.SEALED);
        t.bidWindow = 59;
        refuse(0, t, outside("bidWindow", 59, 60, 7 days));
        t = terms(Mode.SEALED);
        t.revealWindow = 59;
        refuse(0, t, outside("revealWindow", 59, 60, 7 days));
        t = terms(Mode.SEALED);
        t.startWindow = 1 days + 1;
        refuse(0, t, outside("startWindow", 1 days + 1, 60, 1 days));
        t = terms(Mode.SEALED);
        t.deliverWindow = 59;
        refuse(0, t, outside("deliverWindow", 59, 60, 90 days));
        t = terms(Mode.SEALED);
        t.reviewWindow = 1 hours - 1;
        refuse(0, t, outside("reviewWindow", 1 hours - 1, 1 hours, 14 days));
        t = terms(Mode.SEALED);
        t.challengeWindow = 2 days + 1;
        refuse(0, t, outside("challengeWindow", 2 days + 1, 10 minutes, 2 days));
        t = terms(Mode.SEALED);
        t.leaseTtl = 29;
        refuse(0, t, outside("leaseTtl", 29, 30, 3_600));
        t = terms(Mode.SEALED);
        t.grace = 601;
        refuse(0, t, outside("grace", 601, 0, 600));
    }

    /// @dev An auction leaves startWindow for the match besides; a direct task is matched by its bid.
    function test_All_windows_fit_before_the_expiry() public {
        Terms memory t = terms(Mode.SEALED);
        uint256 earliest = block.timestamp + 900 + 600 + 900 + 900 + 1 days;
        t.expiresAt = uint64(earliest - 1);
        refuse(0, t, abi.encodeWithSelector(ITaskMarket.ExpiresTooSoon.selector, t.expiresAt, earliest));
        t.expiresAt = uint64(earliest);
        create(0, t);
        t = terms(Mode.DIRECT);
        earliest = block.timestamp + 900 + 900 + 1 days;
        t.expiresAt = uint64(earliest - 1);
        refuse(agents[0], t, abi.encodeWithSelector(ITaskMarket.ExpiresTooSoon.selector, t.expiresAt, earliest));
        t.expiresAt = uint64(earliest);
        create(agents[0], t);
    }

    function test_A_reputation_beyond_128_bits_is_refused() public {
        Terms memory t = terms(Mode.OPEN);
        t.minReputation = int256(1) << 127;
        refuse(0, t, abi.encodeWithSelector(ITaskMarket.ReputationOutOfRange.selector, t.minReputation));
    }

    function test_Without_a_court_there_are_no_tasks() public {
        address owner = registry.ownerOf(verifiers[2]);
        vm.prank(owner);
        pool.leave(verifiers[2]);
        refuse(0, terms(Mode.OPEN), abi.encodeWithSelector(ITaskMarket.PoolTooSmall.selector, 2, 3));
        vm.prank(owner);
        pool.join(verifiers[2]);
        create(Mode.OPEN);
    }

    function test_After_the_bootstrap_a_pool_needs_nine() public {
        uint256[15] memory all;
        for (uint256 i; i < 15; ++i) {
            all[i] = i < 3 ? verifiers[i] : newVerifier(i);
            vm.prank(attester);
            pool.attest(all[i], bytes32(i + 1), bytes32(i + 1), uint64(block.timestamp + 180 days));
        }
        vm.assertTrue(pool.bootstrapped());
        for (uint256 i = 14; i >= 8; --i) {
            if (i == 8) create(Mode.OPEN);
            address owner = registry.ownerOf(all[i]);
            vm.prank(owner);
            pool.leave(all[i]);
        }
        refuse(0, terms(Mode.OPEN), abi.encodeWithSelector(ITaskMarket.PoolTooSmall.selector, 8, 9));
    }

    function test_Without_credit_there_is_no_task() public {
        address poor = person("poor");
        vm.expectRevert(abi.encodeWithSelector(IVault.InsufficientBalance.selector, Accounts.credit(poor), PRICE, 0));
        vm.prank(poor);
        market.createTask(0, terms(Mode.OPEN));
    }

    function test_A_tripped_breaker_refuses_tasks() public {
        vm.prank(guardian);
        Breaker(wiring.breaker).trip("taskMarket", 1, 1 hours, "test");
        refuse(
            0,
            terms(Mode.OPEN),
            abi.encodeWithSelector(IBreaker.Tripped.selector, bytes32("taskMarket"), 1, block.timestamp + 1 hours)
        );
    }
}
