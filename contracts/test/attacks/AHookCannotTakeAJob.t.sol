// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IACPHook } from "../../src/interfaces/IACPHook.sol";
import { IJobs, JobStatus } from "../../src/interfaces/IJobs.sol";
import { ITaskMarket } from "../../src/interfaces/ITaskMarket.sol";
import { JobsCase } from "../jobs/JobsCase.sol";
import { vm } from "../Vm.sol";

/// @notice Refuses, burns, answers at length, or calls back, as it is told; notes what it was told.
contract HostileHook is IACPHook {
    enum Mood {
        CALM,
        REFUSE,
        BURN,
        BOAST,
        STRIKE
    }

    Mood private _mood;
    address private _target;
    bytes private _data;
    bool public struck;
    uint256 public calls;
    bytes32 public lastBefore;
    bytes32 public lastAfter;

    function become(Mood mood, address target, bytes calldata data) external {
        (_mood, _target, _data) = (mood, target, data);
    }

    function beforeAction(uint256 jobId, bytes4 selector, bytes calldata data) external {
        lastBefore = keccak256(abi.encode(jobId, selector, data));
        _act();
    }

    function afterAction(uint256 jobId, bytes4 selector, bytes calldata data) external {
        lastAfter = keccak256(abi.encode(jobId, selector, data));
        _act();
    }

    function _act() private {
        ++calls;
        if (_mood == Mood.REFUSE) revert("not on my watch");
        if (_mood == Mood.STRIKE) (struck,) = _target.call(_data);
        if (_mood == Mood.BURN) while (true) ++calls;
        if (_mood == Mood.BOAST) {
            assembly {
                revert(0, 0x100000)
            }
        }
    }
}

/// @notice Attack 43: the hook of a job refuses, burns all gas, answers with a megabyte, or comes back in.
contract AHookCannotTakeAJobTest is JobsCase {
    HostileHook internal hook;
    uint256 internal jobId;

    function setUp() public override {
        super.setUp();
        hook = new HostileHook();
        jobId = fundedWith(evaluator, address(hook));
    }

    function test_A_hook_cannot_take_a_job() public {
        hook.become(HostileHook.Mood.REFUSE, address(0), "");
        expectRefusal("submit(uint256,bytes32,bytes)");
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
        assertStatus(jobId, JobStatus.Funded);
        skip(10 days);
        jobs.claimRefund(jobId);
        vm.assertEq(creditOf(buyer), BUDGET, "the way out has no hook");
    }

    function test_It_burns_no_more_than_its_share() public {
        hook.become(HostileHook.Mood.BURN, address(0), "");
        uint256 gas = gasleft();
        expectRefusal("submit(uint256,bytes32,bytes)");
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
        vm.assertLe(gas - gasleft(), 700_000);
    }

    function test_Nothing_that_it_answers_is_read() public {
        hook.become(HostileHook.Mood.BOAST, address(0), "");
        uint256 gas = gasleft();
        expectRefusal("submit(uint256,bytes32,bytes)");
        vm.prank(provider);
        jobs.submit(jobId, RESULT);
        vm.assertLe(gas - gasleft(), 700_000);
    }

    function test_It_cannot_come_back_in() public {
        uint256 other = fundedWith(address(hook), address(0));
        bytes[3] memory strikes = [
            abi.encodeWithSignature("reject(uint256,bytes32)", other, REASON),
            abi.encodeWithSignature("claimRefund(uint256)", jobId),
            abi.encodeWithSignature(
                "createJob(address,address,uint256,string,address)", provider, evaluator, block.timestamp + 9, "", 0
            )
        ];
        for (uint256 i; i < 3; ++i) {
            hook.become(HostileHook.Mood.STRIKE, wiring.jobs, strikes[i]);
            uint256 snapshot = vm.snapshotState();
            vm.prank(provider);
            jobs.submit(jobId, RESULT);
            vm.assertFalse(hook.struck());
            vm.revertToState(snapshot);
        }
    }

    function test_A_call_without_the_gas_that_its_hook_is_due_is_refused() public {
        vm.expectPartialRevert(IJobs.GasTooLow.selector);
        vm.prank(provider);
        jobs.submit{ gas: 480_000 }(jobId, RESULT);
    }

    function test_A_hook_is_told_before_and_after_in_the_words_of_the_standard() public {
        vm.prank(provider);
        jobs.submit(jobId, RESULT, "for the hook");
        bytes4 action = bytes4(keccak256("submit(uint256,bytes32,bytes)"));
        bytes32 told = keccak256(abi.encode(jobId, action, abi.encode(RESULT, bytes("for the hook"))));
        vm.assertEq(hook.lastBefore(), told);
        vm.assertEq(hook.lastAfter(), told);
        vm.assertEq(hook.calls(), 6, "twice for each of setBudget, fund and submit");
    }

    function test_Every_action_but_the_refund_has_its_hook() public {
        vm.startPrank(buyer);
        uint256 id = jobs.createJob(address(0), evaluator, block.timestamp + 1 days, "", address(hook));
        jobs.setProvider(id, provider, "p");
        assertTold(id, "setProvider(uint256,address,bytes)", abi.encode(provider, bytes("p")));
        jobs.setBudget(id, BUDGET, "b");
        assertTold(id, "setBudget(uint256,uint256,bytes)", abi.encode(BUDGET, bytes("b")));
        jobs.fund(id, BUDGET, "f");
        assertTold(id, "fund(uint256,uint256,bytes)", "f");
        vm.stopPrank();
        vm.prank(provider);
        jobs.submit(id, RESULT);
        vm.prank(evaluator);
        jobs.complete(id, REASON, "c");
        assertTold(id, "complete(uint256,bytes32,bytes)", abi.encode(REASON, bytes("c")));
        vm.prank(evaluator);
        jobs.reject(jobId, REASON, "r");
        assertTold(jobId, "reject(uint256,bytes32,bytes)", abi.encode(REASON, bytes("r")));
        uint256 calls = hook.calls();
        id = fundedWith(evaluator, address(hook));
        skip(10 days);
        jobs.claimRefund(id);
        vm.assertEq(hook.calls(), calls + 4, "setBudget and fund alone");
    }

    /// @dev The door is trusted by market, leases and court: a hook of theirs must not turn that into a call.
    function test_A_module_of_the_economy_is_no_hook() public {
        address[3] memory modules = [wiring.taskMarket, wiring.workLeases, wiring.disputes];
        for (uint256 i; i < 3; ++i) {
            vm.startPrank(buyer);
            uint256 id = jobs.createJob(provider, evaluator, block.timestamp + 1 days, "", modules[i]);
            vm.expectPartialRevert(IJobs.HookRefused.selector);
            jobs.setBudget(id, BUDGET);
            vm.stopPrank();
        }
    }

    function assertTold(uint256 id, string memory action, bytes memory data) private view {
        bytes32 told = keccak256(abi.encode(id, bytes4(keccak256(bytes(action))), data));
        vm.assertEq(hook.lastBefore(), told);
        vm.assertEq(hook.lastAfter(), told);
    }

    function expectRefusal(string memory action) private {
        vm.expectRevert(
            abi.encodeWithSelector(IJobs.HookRefused.selector, jobId, address(hook), bytes4(keccak256(bytes(action))))
        );
    }
}

/// @notice Attack 49: a stranger writes somebody else's address behind a call, as the door does.
contract NobodyElseIsTheDoorTest is JobsCase {
    function test_Only_the_door_names_who_calls() public {
        uint256 taskId = taskOf(fundedWith(buyer, address(0)));
        bytes memory call = abi.encodePacked(abi.encodeCall(ITaskMarket.cancel, (taskId)), buyer);
        vm.prank(person("stranger"));
        (bool done,) = wiring.taskMarket.call(call);
        vm.assertFalse(done);
        vm.prank(wiring.jobs);
        (done,) = wiring.taskMarket.call(call);
        vm.assertTrue(done);
    }
}
