// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { BountyTerms, IBounties } from "../../src/interfaces/IBounties.sol";
import { IChannels } from "../../src/interfaces/IChannels.sol";
import { IFaucet } from "../../src/interfaces/IFaucet.sol";
import { IStake } from "../../src/interfaces/IStake.sol";
import { ITaskMarket } from "../../src/interfaces/ITaskMarket.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { IWorkflows } from "../../src/interfaces/IWorkflows.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Courtroom } from "../Courtroom.sol";
import { vm } from "../Vm.sol";
import { HostileToken, Strike } from "./Hostile.sol";

/// @notice Every function that moves the token, with a token that gives its holder control before and after each move, and
///         that holder calling every function that moves money. Nobody gains, nobody else loses, and inside the Vault is
///         what went in.
contract TokenReentrancyTest is Courtroom {
    uint256 private constant OUTERS = 5;
    uint256 private constant INNERS = 13;
    // Six strikes before and after a move, and a few more for the fuzzer to find.
    uint256 private constant MOST_IDS = 16;
    uint256 private constant AMOUNT = 60 * CREDITS;
    uint256 private constant PORTION = 1_000 * CREDITS;

    HostileToken private token;
    uint256 private clientAgent;
    uint256[INNERS] private gotThrough;

    function setUp() public override {
        super.setUp();
        clientAgent = newAgent(client, 500 * CREDITS);
        HostileToken original = new HostileToken();
        vm.etch(wiring.credit, address(original).code);
        token = HostileToken(wiring.credit);
    }

    function seatedAtStart() internal pure override returns (uint256) {
        return 3;
    }

    function outer(uint256 which) private pure returns (bytes memory) {
        if (which == 0) return abi.encodeCall(IVault.deposit, (AMOUNT));
        if (which == 3) {
            return abi.encodeCall(IVault.depositFor, (address(uint160(uint256(keccak256("client")))), AMOUNT));
        }
        if (which == 1) return abi.encodeCall(IVault.depositWithPermit, (AMOUNT, 0, 0, 0, 0));
        return abi.encodeCall(IVault.withdraw, (AMOUNT, address(uint160(uint256(keccak256("client"))))));
    }

    function drip() private view returns (Strike memory) {
        return Strike(client, wiring.faucet, abi.encodeCall(IFaucet.drip, (client)));
    }

    function inner(uint256 which) private view returns (Strike memory) {
        uint64 time = uint64(block.timestamp);
        if (which < 4) return Strike(client, wiring.vault, outer(which));
        if (which == 4) return drip();
        if (which == 5) return Strike(client, wiring.stake, abi.encodeCall(IStake.bond, (clientAgent, AMOUNT)));
        if (which == 6) return Strike(client, wiring.stake, abi.encodeCall(IStake.unbond, (clientAgent, AMOUNT)));
        if (which == 7) {
            bytes memory data = abi.encodeCall(IChannels.open, (watcher, client, AMOUNT, 1 hours, time + 1 days));
            return Strike(client, wiring.channels, data);
        }
        if (which == 8) {
            BountyTerms memory asked = BountyTerms(AMOUNT, 1, time + 1 days, time + 2 days, 600, "criteria", "uri");
            return Strike(client, wiring.bounties, abi.encodeCall(IBounties.openBounty, (asked)));
        }
        if (which == 9) {
            bytes memory data = abi.encodeCall(IWorkflows.create, (AMOUNT, "graph", 1, time + 1 days, "uri"));
            return Strike(client, wiring.workflows, data);
        }
        if (which == 10) {
            return Strike(client, wiring.taskMarket, abi.encodeCall(ITaskMarket.createTask, (0, taskTerms())));
        }
        bytes32 from = which == 11 ? Accounts.credit(watcher) : Accounts.TREASURY;
        bytes memory theft = abi.encodeCall(IVault.move, (from, Accounts.credit(client), bytes32(0), AMOUNT, 1));
        return Strike(client, wiring.vault, theft);
    }

    /// @dev Everything that the client's calls can fill.
    function wealthInside() private view returns (uint256 sum) {
        sum = creditOf(client) + balance(Accounts.stake(clientAgent));
        for (uint256 id = 1; id <= MOST_IDS; ++id) {
            sum += balance(Accounts.unbonding(id)) + balance(Accounts.channel(id)) + balance(Accounts.bounty(id))
            + balance(Accounts.workflow(id)) + balance(Accounts.task(id));
        }
    }

    function others() private view returns (bytes32) {
        return
            keccak256(
                abi.encode(creditOf(watcher), creditOf(maker), balance(Accounts.TREASURY), balance(Accounts.BURN))
            );
    }

    function strikeAll(uint256 which, Strike[] memory strikes) private {
        token.load(strikes);
        uint256 before = wealthInside();
        bytes32 untouched = others();
        if (which < 4) attempt(client, wiring.vault, outer(which));
        else attempt(client, wiring.faucet, drip().data);
        vm.assertGt(token.calls(), 0, "the holder had control");
        int256 gained = int256(wealthInside()) - int256(before);
        vm.assertEq(gained, token.moved(wiring.vault), "inside is what went in");
        int256 dripped = -token.moved(wiring.faucet);
        vm.assertTrue(dripped == 0 || dripped == int256(PORTION), "one portion an hour");
        vm.assertEq(gained + token.moved(client), dripped, "nobody gains");
        vm.assertEq(others(), untouched, "nobody else loses");
    }

    function test_No_function_that_moves_the_token_can_be_entered_again_for_a_gain() public {
        for (uint256 which; which < OUTERS; ++which) {
            for (uint256 i; i < INNERS; ++i) {
                uint256 state = vm.snapshotState();
                Strike[] memory one = new Strike[](1);
                one[0] = inner(i);
                strikeAll(which, one);
                uint256 successes = token.successes();
                vm.revertToState(state);
                gotThrough[i] += successes;
            }
        }
        // All calls that are the client's right went through at some time, the two thefts never.
        for (uint256 i; i < INNERS; ++i) {
            vm.assertEq(gotThrough[i] != 0, i < 11, vm.toString(i));
        }
    }

    function test_Nor_by_all_of_them_at_once() public {
        for (uint256 which; which < OUTERS; ++which) {
            uint256 state = vm.snapshotState();
            Strike[] memory all = new Strike[](INNERS);
            for (uint256 i; i < INNERS; ++i) {
                all[i] = inner(i);
            }
            strikeAll(which, all);
            vm.revertToState(state);
        }
    }

    function test_Fuzz_nor_in_any_order(uint256 seed) public {
        Strike[] memory some = new Strike[](1 + seed % 6);
        for (uint256 i; i < some.length; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            some[i] = inner((seed >> 8) % INNERS);
        }
        strikeAll((seed >> 128) % OUTERS, some);
    }
}
